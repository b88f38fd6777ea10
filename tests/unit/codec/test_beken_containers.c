/* RBL, UG, FAL and RF blocks: written, read back, and refused when a byte is wrong. */
#include "base/bytes.h"
#include "base/crc.h"
#include "check.h"
#include "codec/beken/bootloaders.h"
#include "codec/beken/chips.h"
#include "codec/beken/cipher.h"
#include "codec/beken/fal.h"
#include "codec/beken/keys.h"
#include "codec/beken/rbl.h"
#include "codec/beken/rf.h"
#include "codec/beken/stripe.h"
#include "codec/beken/ug.h"

/* 1000 counting bytes at logical 0x10000 under Tuya's key in a container of 0x1000 bytes: figures
 * as a public packager computes them. */
static void a_packaged_slot_has_the_published_sums(void **state) {
    (void)state;
    static uint8_t raw[0x410], slot[4352];
    for (int i = 0; i < 1000; i++)
        raw[i] = (uint8_t)i;
    memset(raw + 1000, 0xFF, sizeof raw - 1000);
    beken_crypt(&beken_known_keys[0].key, 0x10000, raw, 1024); /* the last 16 stay FF */
    struct rbl_header h = {.timestamp = 0x6553F100,
                           .name = "app",
                           .version = "1.00",
                           .serial = "00000000000000000000000",
                           .raw_hash = fnv1a_update(FNV1A_START, raw, sizeof raw),
                           .raw_size = sizeof raw,
                           .package_size = sizeof raw + 16};
    h.package_crc = rbl_installed_crc(&h, raw);
    assert_int_equal(h.package_crc, 0x4BA18463);
    assert_int_equal(h.raw_hash, 0x3FB2DAA5);
    memset(slot, 0xFF, sizeof slot);
    static uint8_t padded[0x420];
    memset(padded, 0xFF, sizeof padded);
    memcpy(padded, raw, sizeof raw);
    beken_stripe(padded, sizeof padded, slot);
    rbl_encode_installed(&h, slot + sizeof slot - RBL_INSTALLED_SIZE);
    struct rbl_header back;
    assert_int_equal(rbl_decode_installed(slot + 0x109A, RBL_INSTALLED_SIZE, &back, NULL), 0);
    assert_string_equal(back.name, "app");
    assert_int_equal(back.raw_size, 0x410);
    assert_int_equal(back.package_size, 0x420);
    assert_true(rbl_is_stored(&back));
    assert_int_equal(crc32_update(0, slot, sizeof slot), 0x80BB88C5);
}

static void a_wrong_header_byte_is_named(void **state) {
    (void)state;
    uint8_t data[RBL_HEADER_SIZE];
    struct rbl_header h = {.name = "app", .encryption = RBL_AES256, .compression = RBL_GZIP}, back;
    struct fault fault;
    rbl_encode(&h, data);
    assert_int_equal(rbl_decode(data, sizeof data, &back, &fault), STATUS_OK);
    assert_int_equal(back.encryption, RBL_AES256);
    data[20] ^= 1;
    assert_int_equal(rbl_decode(data, sizeof data, &back, &fault), STATUS_BAD_CHECKSUM);
    assert_int_equal(fault.offset, 92);
    assert_int_equal(rbl_decode(data, 50, &back, &fault), STATUS_TRUNCATED);
}

static void ug_round_trip(void **state) {
    (void)state;
    uint8_t package[UG_HEADER_SIZE + 5] = {0};
    struct ug_header h;
    memcpy(package + UG_HEADER_SIZE, "hello", 5);
    ug_encode("1.0.0", package + UG_HEADER_SIZE, 5, package);
    assert_int_equal(ug_decode(package, sizeof package, &h, NULL), STATUS_OK);
    assert_string_equal(h.version, "1.0.0");
    assert_int_equal(h.payload_size, 5);
    package[UG_HEADER_SIZE]++;
    assert_int_equal(ug_decode(package, sizeof package, &h, NULL), STATUS_BAD_CHECKSUM);
    assert_int_equal(ug_decode(package, sizeof package - 1, &h, NULL), STATUS_TRUNCATED);
}

static void fal_entries_are_found_and_constants_are_not(void **state) {
    (void)state;
    static uint8_t boot[4096];
    struct fal_table table;
    static const struct fal_partition parts[] = {
        {"bootloader", true, 0, 0x10000, false},
        {"app", true, 0x10000, 0x108700, false},
        {"download", false, 0x12A000, 0xA6000, false},
    };
    store_le32(boot + 512, 0x45503130); /* the magic as a constant in code */
    assert_int_equal(fal_find(boot, sizeof boot, &table), STATUS_NOT_FOUND);
    for (int i = 0; i < 3; i++)
        fal_encode(&parts[i], i == 1, boot + 1024 + FAL_ENTRY_SIZE * i);
    assert_int_equal(fal_find(boot, sizeof boot, &table), STATUS_OK);
    assert_int_equal(table.count, 3);
    assert_int_equal(table.at, 1024);
    assert_int_equal(fal_partition_find(&table, "download")->offset, 0x12A000);
    assert_true(table.partition[1].has_crc);
    assert_true(table.partition[1].logical);
}

static void rf_block_round_trip_and_bounds(void **state) {
    (void)state;
    static uint8_t sector[RF_SECTOR_SIZE];
    static const uint8_t mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
    struct rf_block rf;
    rf_encode(mac, sector);
    assert_int_equal(rf_decode(sector, sizeof sector, &rf, NULL), STATUS_OK);
    assert_memory_equal(rf.mac, mac, 6);
    assert_memory_equal(sector + RF_MAC_OFFSET, mac, 6);
    assert_int_equal(rf.length, 0x62); /* the short form met in the field */
    assert_true(rf.mac_set);
    store_le32(sector + 4, 0x10000);
    assert_int_equal(rf_decode(sector, sizeof sector, &rf, NULL), STATUS_BAD_LENGTH);
}

static void chips_are_found_by_their_other_names(void **state) {
    (void)state;
    assert_string_equal(beken_chip_find("t34")->name, "BK7231N");
    assert_string_equal(beken_chip_find("bk7231t")->name, "BK7231T");
    assert_null(beken_chip_find("T"));
    assert_null(beken_chip_find("esp32"));
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        assert_non_null(beken_chip_find(b->chip));
}

static void bootloader_rows_do_not_contradict_themselves(void **state) {
    (void)state;
    static uint8_t blank[BEKEN_BOOT_COMMON];
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++) {
        if (b->sectors) /* the first sector's CRC stands in the row twice */
            assert_int_equal(b->sectors[0], b->sector_crc);
        if (b->payload_crc)
            assert_ptr_equal(beken_bootloader_by_payload(b->payload_crc, b->payload_hash), b);
        if (b->sector_crc)
            assert_non_null(b->sector_sha256);
    }
    memset(blank, 0xFF, sizeof blank);
    assert_null(beken_bootloader_by_sectors(blank, sizeof blank));
    assert_null(beken_bootloader_by_sectors(blank, 100));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packaged_slot_has_the_published_sums),
        cmocka_unit_test(a_wrong_header_byte_is_named),
        cmocka_unit_test(ug_round_trip),
        cmocka_unit_test(fal_entries_are_found_and_constants_are_not),
        cmocka_unit_test(rf_block_round_trip_and_bounds),
        cmocka_unit_test(chips_are_found_by_their_other_names),
        cmocka_unit_test(bootloader_rows_do_not_contradict_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
