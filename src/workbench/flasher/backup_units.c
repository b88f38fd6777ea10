/* What sums cost on this line decides how many are asked for. */
#include "workbench/flasher/backup_reader.h"
#include "workbench/flasher/driver.h"

enum {
    SECTOR = BEKEN_SECTOR,
    SAMPLES = 8,
    SUM_WORTH = 16,    /* reading must cost so many sums for summing each sector */
    ALWAYS_WORTH = 70, /* and so many for summing each tail */
};

/* What a checksum of a sector costs, found out by asking for some. */
static enum status measure_sum(struct session *s, const struct backup *b, uint64_t *us) {
    struct stream_crc sums[SAMPLES];
    for (uint32_t i = 0; i < SAMPLES; i++)
        sums[i] = (struct stream_crc){.start = b->start, .length = SECTOR};
    uint64_t start = session_now_us(s);
    enum status status = stream_crcs(s, sums, SAMPLES);
    uint64_t took = session_now_us(s) - start;
    uint64_t waited = line_hurries(&s->line) ? 0 : s->line.latency_us;
    *us = (took > waited ? took - waited : 0) / SAMPLES;
    return status;
}

/* Sectors are summed one by one where that costs little beside reading one; else 64 KiB at a time.
 * (A family B chip protects its flash again after every sum, which takes a while.) Tails are summed
 * where the chip stores small things. */
enum status backup_choose_units(struct reader *r) {
    struct session *s = r->s;
    const struct beken_chip *chip = s->chip.chip;
    uint64_t sum_us = 0, read_us = exchange_wire_us(session_baud(s), BEKEN_RESPONSE_MAX);
    enum status status = STATUS_OK;
    if (r->sectors > SAMPLES)
        status = measure_sum(s, r->b, &sum_us);
    r->unit = sum_us * SUM_WORTH > read_us ? FLASH_BLOCK_64K / SECTOR : 1;
    r->probe_from = UINT32_MAX;
    if (s->chip.family == BEKEN_FAMILY_F && chip && r->unit == 1)
        r->probe_from =
            chip->rf_offset > r->b->start ? (chip->rf_offset - r->b->start) / SECTOR : 0;
    if (s->chip.family == BEKEN_FAMILY_F && r->unit == 1 && sum_us * ALWAYS_WORTH < read_us)
        r->probe_from = 0;
    return status;
}
