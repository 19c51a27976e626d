-- What must be true of the books of a lane, its terminal and its store, whatever broke in between.
--
-- Each query finds violations, one sentence a row; no row is good news. The line above a query names the
-- invariant, what is counted by it, and says it in words. Tables: `lane.*` the lane's journal file, `store.*`
-- the store's database, `charge` the terminal's own journal (the oracle), `attempt` the lane's journal told
-- attempt by attempt, `chain` and `history` what no SQL can recompute. Times are UTC, amounts minor units.

-- I1 double_charges: At most one unreversed charge for one basket.
SELECT 'sale ' || attempt.sale_id || ' was charged ' || count(*) || ' times'
FROM charge JOIN attempt USING (attempt_id)
WHERE NOT charge.reversed
GROUP BY attempt.sale_id HAVING count(*) > 1;

-- I1 double_charges: At most one unreversed charge for one attempt.
SELECT 'attempt ' || attempt_id || ' was charged ' || count(*) || ' times'
FROM charge WHERE NOT reversed AND attempt_id IS NOT NULL
GROUP BY attempt_id HAVING count(*) > 1;

-- I2 lost_sales: Every unreversed charge belongs to an attempt.
SELECT 'receipt ' || receipt_no || ' was charged without any attempt' FROM charge
WHERE NOT reversed AND attempt_id IS NULL;

-- I2 lost_sales: Every unreversed charge has its sale, or its attempt is still open and a person was called.
SELECT 'receipt ' || charge.receipt_no || ' was charged, attempt ' || attempt_id || ' ended ' || attempt.outcome
FROM charge JOIN attempt USING (attempt_id)
WHERE NOT charge.reversed AND attempt.outcome NOT IN ('paid', 'open');

-- I2 free_goods: Every card sale has its unreversed charge.
SELECT 'sale ' || attempt.sale_id || ' left without a charge (attempt ' || attempt_id || ')'
FROM attempt
WHERE outcome = 'paid'
  AND NOT EXISTS (SELECT 1 FROM charge WHERE charge.attempt_id = attempt.attempt_id AND NOT reversed);

-- I2 free_goods: Every sale has the unreversed charge of the attempt its tender names.
SELECT 'sale ' || message_id || ' left without a charge of the attempt it names, '
  || coalesce(json_extract(tender.value, '$.attempt_id'), 'none')
FROM lane.outbox, json_each(body, '$.tenders') AS tender
WHERE NOT EXISTS (SELECT 1 FROM charge
                  WHERE charge.attempt_id = json_extract(tender.value, '$.attempt_id') AND NOT reversed);

-- I2 wrong_amounts: The charge is the amount that was asked for.
SELECT 'attempt ' || attempt_id || ' asked for ' || attempt.amount_minor || ', the terminal took ' || charge.amount_minor
FROM charge JOIN attempt USING (attempt_id)
WHERE NOT charge.reversed AND attempt.outcome = 'paid' AND charge.amount_minor <> attempt.amount_minor;

-- I2 wrong_amounts: A tender is the amount that the terminal took.
SELECT 'sale ' || message_id || ' has a tender of ' || json_extract(tender.value, '$.amount_minor')
  || ', the terminal took ' || charge.amount_minor
FROM lane.outbox, json_each(body, '$.tenders') AS tender
JOIN charge ON charge.attempt_id = json_extract(tender.value, '$.attempt_id')
WHERE NOT charge.reversed AND json_extract(tender.value, '$.amount_minor') <> charge.amount_minor;

-- I2 wrong_evidence: A tender that names a receipt of the terminal names the one of its own charge.
SELECT 'sale ' || json_extract(body, '$.sale_id') || ' names receipt ' || json_extract(tender.value, '$.terminal_receipt_no')
FROM lane.outbox, json_each(body, '$.tenders') AS tender
WHERE json_extract(body, '$.tenders') IS NOT NULL
  AND json_extract(tender.value, '$.terminal_receipt_no') <> ''
  AND NOT EXISTS (
    SELECT 1 FROM charge
    WHERE charge.attempt_id = json_extract(tender.value, '$.attempt_id') AND NOT reversed
      AND CAST(json_extract(tender.value, '$.terminal_receipt_no') AS INTEGER) = charge.receipt_no);

-- I2 lost_sales: A paid attempt has exactly one sale in the lane's outbox, under the basket's id.
SELECT 'attempt ' || attempt_id || ' is paid and has ' || count(message_id) || ' sales'
FROM attempt LEFT JOIN lane.outbox ON message_id = attempt.sale_id
WHERE attempt.outcome = 'paid'
GROUP BY attempt_id HAVING count(message_id) <> 1;

-- I3 wrong_stock: On-hand is the sum of the movements.
SELECT gtin || ' has ' || on_hand_milli || ', its movements make ' || coalesce(moved, 0)
FROM store.on_hand
LEFT JOIN (SELECT store_id, gtin, sum(quantity_milli) AS moved FROM store.movement GROUP BY store_id, gtin)
  USING (store_id, gtin)
WHERE on_hand_milli <> coalesce(moved, 0);

-- I3 duplicate_movements: Every line of a sale moved stock exactly once, by its own quantity.
SELECT 'sale ' || line.sale_id || ' moved ' || line.gtin || ' by ' || coalesce(moved, 0) || ' instead of ' || -sold
FROM (SELECT sale_id, gtin, sum(quantity_milli) AS sold FROM store.sale_line GROUP BY sale_id, gtin) AS line
LEFT JOIN (
  SELECT substr(source_id, 6, instr(substr(source_id, 6), ':') - 1) AS sale_id, gtin, sum(quantity_milli) AS moved
  FROM store.movement WHERE reason = 'SALE' GROUP BY 1, 2) AS went USING (sale_id, gtin)
WHERE coalesce(moved, 0) <> -sold;

-- I3 duplicate_movements: No stock moved for a sale the store does not have.
SELECT source_id || ' moved stock without a sale' FROM store.movement
WHERE reason = 'SALE'
  AND substr(source_id, 6, instr(substr(source_id, 6), ':') - 1) NOT IN (SELECT sale_id FROM store.sale);

-- I4 lost_sales: Every sale that has left the lane is in the store.
SELECT 'sale ' || message_id || ' was sent and the store does not have it' FROM lane.outbox
WHERE json_extract(body, '$.sale_id') IS NOT NULL AND sent_at_utc IS NOT NULL
  AND message_id NOT IN (SELECT sale_id FROM store.sale);

-- I4 unsent: At rest nothing waits.
SELECT message_id || ' still waits for the store' FROM lane.outbox WHERE sent_at_utc IS NULL;

-- I4 duplicate_sales: The store has no sale the lane did not make, and each once.
SELECT 'the store has sale ' || sale_id || ' ' || count(*) || ' times, the lane '
  || (SELECT count(*) FROM lane.outbox WHERE message_id = sale_id) || ' times'
FROM store.sale GROUP BY sale_id
HAVING count(*) <> (SELECT count(*) FROM lane.outbox WHERE message_id = sale_id);

-- I4 different_totals: Lane and store add up to the same.
SELECT 'the lane sold ' || lane_minor || ', the store has ' || store_minor
FROM (SELECT coalesce(sum(json_extract(body, '$.total_minor')), 0) AS lane_minor FROM lane.outbox
      WHERE json_extract(body, '$.sale_id') IS NOT NULL AND sent_at_utc IS NOT NULL),
     (SELECT coalesce(sum(total_minor), 0) AS store_minor FROM store.sale
      WHERE sale_id IN (SELECT message_id FROM lane.outbox WHERE sent_at_utc IS NOT NULL))
WHERE lane_minor <> store_minor;

-- I6 broken_chain: The lane's journal is whole, and ends no earlier than its anchor.
SELECT problem FROM chain;

-- I6 broken_chain: Entries are numbered without a gap and each names the hash before it.
SELECT 'entry ' || seq || ' does not follow the one before'
FROM (SELECT seq, previous_hash, lag(seq) OVER (ORDER BY seq) AS before_seq, lag(hash) OVER (ORDER BY seq) AS before_hash
      FROM lane.entry)
WHERE before_seq IS NOT NULL AND (seq <> before_seq + 1 OR previous_hash <> before_hash);

-- I6 broken_chain: The head that the store keeps with a sale is the hash of that entry.
SELECT 'sale ' || sale_id || ' names entry ' || journal_seq || ' with another hash'
FROM store.sale LEFT JOIN lane.entry ON seq = journal_seq
WHERE hash IS NULL OR hash <> journal_head;

-- I7 receipt_numbers: Receipt numbers rise by one from sale to sale.
SELECT 'receipt ' || number || ' follows ' || before
FROM (SELECT json_extract(body, '$.receipt_no') AS number,
             lag(json_extract(body, '$.receipt_no')) OVER (ORDER BY seq) AS before
      FROM lane.outbox WHERE json_extract(body, '$.sale_id') IS NOT NULL)
WHERE before IS NOT NULL AND number <> before + 1;

-- I8 sums: Lines, tenders and total agree.
SELECT 'sale ' || message_id || ': lines ' || lines || ', tenders ' || tenders || ', total ' || total
FROM (SELECT message_id, json_extract(body, '$.total_minor') AS total,
        (SELECT coalesce(sum(json_extract(value, '$.amount_minor') + json_extract(value, '$.deposit_minor')), 0)
         FROM json_each(body, '$.lines')) AS lines,
        (SELECT coalesce(sum(json_extract(value, '$.amount_minor')), 0) FROM json_each(body, '$.tenders')) AS tenders
      FROM lane.outbox WHERE json_extract(body, '$.sale_id') IS NOT NULL)
WHERE lines <> total OR tenders <> total;

-- I8 sums: The tax table adds up to the total.
SELECT 'sale ' || message_id || ': taxed ' || taxed || ' of ' || total
FROM (SELECT message_id, json_extract(body, '$.total_minor') AS total,
        (SELECT coalesce(sum(json_extract(value, '$.gross_minor')), 0) FROM json_each(body, '$.taxes')) AS taxed
      FROM lane.outbox WHERE json_extract(body, '$.sale_id') IS NOT NULL)
WHERE taxed <> total;

-- I8 sums: The store found nothing to disagree with.
SELECT 'the store flagged sale ' || sale_id || ': ' || answer FROM store.sale WHERE flag_count > 0;

-- I9 illegal_steps: The lane never stopped itself, and its journal replays by the tables.
SELECT problem FROM history;

-- I9 illegal_steps: A sale comes only of a completion, a terminal's answer or a person's decision.
SELECT 'sale ' || message_id || ' came of ' || kind
FROM lane.outbox JOIN lane.entry USING (seq)
WHERE json_extract(outbox.body, '$.sale_id') IS NOT NULL
  AND kind NOT IN ('CardCompleted', 'LastPaymentReported', 'InterventionDecided');

-- I9 illegal_steps: A payment is requested only when no other is open.
SELECT 'attempt ' || attempt_id || ' was made out of turn' FROM attempt WHERE outcome = 'out of turn';

-- I9 illegal_steps: A sale is there only where the journal, told again, comes to a paid attempt.
SELECT 'sale ' || message_id || ' was made, and its attempt is ' || coalesce(outcome, 'not to be found')
FROM lane.outbox, json_each(body, '$.tenders') AS tender
LEFT JOIN attempt ON attempt.attempt_id = json_extract(tender.value, '$.attempt_id')
WHERE outcome IS NOT 'paid';

-- I10 not_integers: Money is whole minor units with a currency.
SELECT 'sale ' || message_id || ' holds ' || key || ' = ' || coalesce(atom, type)
FROM lane.outbox, json_tree(body)
WHERE (key LIKE '%\_minor' ESCAPE '\' AND type <> 'integer') OR (key = 'currency' AND length(atom) <> 3);

-- I10 not_integers: The store keeps whole minor units too.
SELECT 'sale ' || sale_id || ' is kept with a total of type ' || typeof(total_minor)
FROM store.sale WHERE typeof(total_minor) <> 'integer' OR total_minor <= 0;

-- I13 changed_sales: What the store keeps is what the lane made final.
SELECT 'sale ' || sale_id || ' stands in the store with another text'
FROM store.sale JOIN lane.outbox ON message_id = sale_id
WHERE json_extract(sale.body, '$.sale') <> json(outbox.body) OR sale.body_hash <> sha256(sale.body);

-- I13 changed_sales: A paid attempt is paid for good.
SELECT 'attempt ' || attempt_id || ' was paid and later ' || outcome FROM attempt
WHERE was_paid AND outcome <> 'paid';

-- I14 nobody_called: No doubt lasted longer than five minutes before a person was called.
SELECT 'attempt ' || attempt_id || ' was in doubt for ' || CAST(waited_s AS INTEGER) || ' s and nobody was called'
FROM attempt WHERE waited_s > 300;

-- I14 nobody_called: An open doubt stands open at the store too.
SELECT 'attempt ' || attempt_id || ' is in doubt and the store knows of nothing'
FROM attempt
WHERE outcome = 'open'
  AND NOT EXISTS (SELECT 1 FROM store.intervention
                  WHERE intervention_id = 'pay-' || attempt.attempt_id AND state = 'open');

-- unknown unknown_open: Payments nobody has decided at the end.
SELECT 'attempt ' || attempt_id || ' is still open' FROM attempt WHERE outcome = 'open';
