/* The genuine bootloader of a public BK7231T dump and the native model of that family get the same
 * random commands and must give the same bytes back, and leave the same flash behind: also when a
 * host does not wait for the answer to a sector, when the flash starts out protected, is protected
 * again by a CRC, and freed by an erase after a link. */
#include "codec/beken/uart.h"
#include "inspector/dumps.h"
#include "virtual/chip/chip.h"
#include "workbench/emulator/soc_live.h"

#include <stdlib.h>

#include "check.h"

enum {
    BOOT_SIZE = 0x11000,
    FLASH_SIZE = 0x200000,
    COMMANDS = 30, /* in each sequence */
    SHORTEST = 32, /* after fewer bytes the bootloader programs what its buffer held before */
    ANSWER_MAX = BEKEN_RESPONSE_MAX + 64,
    STEP_US = 1000,
    QUIET_STEPS = 3,
    PATIENCE_STEPS = 60, /* beyond the time on the wire; the bootloader gives up after 150 */
    BYTE_US = 87,        /* at 115200 baud */
};

struct answer {
    uint8_t bytes[ANSWER_MAX];
    size_t size;
};

static struct answer real;
static uint64_t random_state;

static uint32_t roll(uint32_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % below;
}

static void on_record(void *context, const struct soc_record *r) {
    (void)context;
    if (r->kind != SOC_SERIAL || r->a != 1 || r->b != 'T')
        return;
    for (size_t i = 0; i < r->text_size && real.size < ANSWER_MAX; i++)
        real.bytes[real.size++] = (uint8_t)r->text[i];
}

/* One request to the guest; guest time stops when it has answered. */
static void ask_real(struct soc_live *live, const uint8_t *request, size_t size) {
    size_t before = 0;
    int quiet = 0, most = PATIENCE_STEPS + (int)size * BYTE_US / STEP_US;
    real.size = 0;
    assert_true(soc_live_send(live, 1, request, size));
    if (size > BEKEN_REQUEST_MAX) /* an answer in the middle is not the end */
        assert_true(soc_live_run(live, (uint64_t)size * BYTE_US));
    for (int i = 0; i < most && quiet < QUIET_STEPS; i++) {
        assert_true(soc_live_run(live, STEP_US));
        quiet = real.size && real.size == before ? quiet + 1 : 0;
        before = real.size;
    }
}

static void model_until(struct chip *chip, uint64_t now, struct answer *answer) {
    uint8_t byte;
    chip_run(chip, now);
    while (answer->size < ANSWER_MAX && chip_take(chip, &byte))
        answer->bytes[answer->size++] = byte;
}

static void ask_model(struct chip *chip, uint64_t *now, const uint8_t *request, size_t size,
                      struct answer *answer) {
    answer->size = 0;
    for (size_t i = 0; i < size; i++) {
        model_until(chip, *now += BYTE_US * 1000, answer);
        chip_receive(chip, request[i]);
    }
    for (int i = 0; i < 50; i++)
        model_until(chip, *now += 1000000, answer);
}

/* Addresses that both sides of every limit see. */
static uint32_t some_address(void) {
    static const uint32_t near[] = {0x000000, 0x00F000, 0x010000, 0x011000, 0x012000,
                                    0x1E0000, 0x1ED000, 0x1FF000, 0x200000, 0x211000};
    return roll(2) ? near[roll(sizeof near / sizeof *near)] : roll(0x1F0) << 12;
}

/* A bootloader that erases itself answers no more: a sector beyond it, or one that is refused. */
static uint32_t some_sector(void) {
    uint32_t outside = some_address() % FLASH_SIZE;
    if (roll(8) == 0)
        return roll(2) << 12;
    return outside < BOOT_SIZE ? outside + BOOT_SIZE : outside;
}

/* Commands that change flash, or would if the bootloader knew them. */
static size_t some_change(uint8_t *out, size_t room, const char **name) {
    static uint8_t data[BEKEN_SECTOR];
    uint32_t sector = some_sector();
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)roll(256);
    switch (roll(8)) {
    case 0:
    case 1:
    case 2:
        *name = "Erase";
        return beken_flash_erase(BEKEN_ERASE_4K, sector, out, room);
    case 3:
        *name = "Erase64K";
        return beken_flash_erase(BEKEN_ERASE_64K, 0x20000 + (sector & 0xFFFFF), out, room);
    case 4:
        *name = "Write";
        return beken_flash_write(sector + 0x100 * roll(15),
                                 (struct span){data, SHORTEST + roll(257 - SHORTEST)}, out, room);
    case 5:
        *name = "Erase4K of a boot ROM";
        return beken_flash_erase_4k(sector, out, room);
    default:
        *name = "Write4K";
        return beken_flash_write_4k(sector, data, out, room);
    }
}

static size_t some_question(uint8_t *out, size_t room, const char **name) {
    uint32_t address = some_address(), length = 1 + roll(0x800);
    uint8_t payload[8];
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)roll(256);
    switch (roll(6)) {
    case 0:
        *name = "ReadVersion";
        return beken_read_version(out, room);
    case 1:
        *name = "CheckCRC";
        return beken_check_crc(address % 0x1F0000, address % 0x1F0000 + length, out, room);
    case 2:
        *name = "Read4K";
        return beken_flash_read_4k(address, out, room);
    case 3:
        *name = "ReadSR";
        return beken_flash_read_sr(roll(2) ? 0x05 : 0x35, out, room);
    case 4:
        *name = "WriteSR";
        return beken_flash_write_sr(0x01, roll(0x10000), 1 + roll(2), out, room);
    default:
        *name = "short command";
        return beken_short_request(0x12 + roll(0x20), payload, roll(6), out, room);
    }
}

/* A sector, and right behind its last byte, before the answer, what a hurried host sends next:
 * another sector, or a small question. */
static size_t some_hurry(uint8_t *out, size_t room, const char **name) {
    static uint8_t data[2][BEKEN_SECTOR];
    for (size_t i = 0; i < BEKEN_SECTOR; i++) {
        data[0][i] = (uint8_t)roll(256);
        data[1][i] = (uint8_t)roll(256);
    }
    size_t size = beken_flash_write_4k(some_sector(), data[0], out, room);
    *name = "Write4K and at once another";
    if (roll(2))
        return size + beken_flash_write_4k(some_sector(), data[1], out + size, room - size);
    *name = "Write4K and at once LinkChecks";
    for (int i = 0; i < 4; i++)
        size += beken_link_check(out + size, room - size);
    return size;
}

static size_t some_command(uint8_t *out, size_t room, const char **name) {
    *name = "LinkCheck";
    if (roll(5) == 0)
        return beken_link_check(out, room);
    if (roll(8) == 0)
        return some_hurry(out, room, name);
    return roll(2) ? some_change(out, room, name) : some_question(out, room, name);
}

static void print_bytes(const char *who, const struct answer *a) {
    printf("  %-6s %4zu:", who, a->size);
    for (size_t i = 0; i < a->size && i < 24; i++)
        printf(" %02X", a->bytes[i]);
    printf("\n");
}

/* What earlier lives leave in the flash's status register: nothing, quad enable, everything
 * protected by the stock application or by the bootloader. */
static const uint16_t starts[] = {0x0000, 0x0200, 0x021C, 0x007C};

static int run_sequence(const struct dump *dump, uint64_t seed) {
    static uint8_t request[2 * BEKEN_REQUEST_MAX];
    static struct answer model;
    static struct chip chip;
    struct spi_flash flash;
    char why[300];
    const struct soc_live_options options = {
        .request = {.ticks_per_us = 60, .save = true, .raw_uart1 = true}, .on = on_record};
    struct soc_live *live = soc_live_start(&options, dump->data, dump->size, why, sizeof why);
    const struct chip_kind *kind = chip_kind_find("bk7231t");
    uint64_t now = 0;
    int differences = 0;
    assert_non_null(live);
    assert_true(spi_flash_init(&flash, kind->flash_id, (uint32_t)dump->size));
    memcpy(flash.data, dump->data, dump->size);
    chip_init(&chip, kind, &flash);
    chip_adopt_flash(&chip);
    chip_reset(&chip, true);
    random_state = seed;
    flash.sr = starts[roll(sizeof starts / sizeof *starts)];
    assert_true(soc_live_flash_status(live, flash.sr));
    size_t size = beken_link_check(request, sizeof request);
    for (int i = 0; i <= COMMANDS; i++) {
        const char *name = "LinkCheck";
        if (i)
            size = some_command(request, sizeof request, &name);
        ask_real(live, request, size);
        ask_model(&chip, &now, request, size, &model);
        if (model.size == real.size && memcmp(model.bytes, real.bytes, real.size) == 0)
            continue;
        differences++;
        printf("%s (command %d of seed %llu):", name, i, (unsigned long long)seed);
        for (size_t k = 0; k < size && k < 16; k++)
            printf(" %02X", request[k]);
        printf("\n");
        print_bytes("real", &real);
        print_bytes("model", &model);
    }
    uint8_t *left = malloc(dump->size);
    assert_int_equal(soc_live_end(live, left, dump->size), dump->size);
    if (memcmp(left, flash.data, dump->size) != 0) {
        size_t at = 0;
        while (left[at] == flash.data[at])
            at++;
        printf("seed %llu: the flashes differ at %zX: real %02X, model %02X\n",
               (unsigned long long)seed, at, left[at], flash.data[at]);
        differences++;
    }
    free(left);
    spi_flash_free(&flash);
    return differences;
}

static void model_answers_like_the_real_bootloader(void **state) {
    (void)state;
    const char *seeds = getenv("SEEDS");
    int count = seeds ? atoi(seeds) : 8, differences = 0;
    struct dump dump;
    assert_true(dump_load("t-cw-bulb-wb3s", &dump));
    for (int i = 0; i < count; i++)
        differences += run_sequence(&dump, 0x9E3779B97F4A7C15u + (uint64_t)i);
    dump_free(&dump);
    printf("%d sequences of %d commands, %d differences\n", count, COMMANDS, differences);
    assert_int_equal(differences, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_answers_like_the_real_bootloader),
    };
    if (!dumps_present())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
