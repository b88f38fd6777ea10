/* The table, and the three ways to find a row. */
#include "codec/beken/bootloaders.h"

#include "base/bytes.h"
#include "base/crc.h"

/* CRC-32 of each 4 KiB sector of the common 64 KiB: tells a version by what damage has left. */
static const uint32_t sectors_n_101[BEKEN_BOOT_SECTORS] = {
    0x57B0767C, 0x2C73CB79, 0x8D6D5E58, 0xDBA8E0AC, 0xDDB6D6ED, 0x6B186421, 0x32ED3EAB, 0x5CC56864,
    0x1CD4435F, 0xE760F3DC, 0xB4F698F6, 0x8CDF2F01, 0xF04EC126, 0xC77E0679, 0xE0ECB4C0, 0x8319D4FD,
};
static const uint32_t sectors_t_105[BEKEN_BOOT_SECTORS] = {
    0x1F6F91E6, 0x2FAF98AD, 0xB0EBCD4D, 0x32103A28, 0x3CE7B0DC, 0x17E9A3FC, 0x860E7BC4, 0x15223C95,
    0xF4E33709, 0xB5B953AA, 0x6139EF80, 0xC7171FF1, 0xFDFEF5C5, 0xFDB9C78B, 0x0F3DFFA8, 0xF154670A,
};
static const uint32_t sectors_t_103[BEKEN_BOOT_SECTORS] = {
    0xDA6906D7, 0xBBA23CFE, 0xB11E4ADF, 0x3117E978, 0xE51C6D0C, 0xE4FC659A, 0x44E66C6E, 0xFAB9F08A,
    0xAAFCBCB7, 0xF8307187, 0xB7F27A3D, 0x88BCF07C, 0xF98809E3, 0xEB9020F9, 0x853EB960, 0x917AAFBB,
};

const struct beken_bootloader beken_bootloaders[] = {
    {"BK7231N 1.0.1", "1.0.1", "BK7231N", "tuya", 0xE14191BA, 257, 0x57B0767C, 0x2CDCF6D7,
     0xA9792DA2, 0x4F914887, "9472ed4b51bcfbdb41476a6ddc4ef3b06b2f7245cb55a1621282255a7551cd48",
     sectors_n_101},
    {"BK7231T (BK7231S) 1.0.5", "1.0.5", "BK7231T", "tuya", 0xBA54C1B8, 256, 0x1F6F91E6, 0xFF4CEC5C,
     0x878FF8A1, 0x707C79DF, "cacc0afe74535ea3388d2c48438b979d57be7c38ced785dd17b21d5afc2f5c78",
     sectors_t_105},
    {"BK7231T (BK7231S) 1.0.6", "1.0.6", "BK7231T", "tuya", 0xE5CBC953, 256, 0xCB16C310, 0x4345FC0F,
     0x6AB28C51, 0x14ABDDED, "bfe5df4201d5a0304745b91c8bbf074b88549758e549bdcc9054c4392702d451",
     NULL},
    {"BK7231T (BK7231S) 1.0.1", "1.0.1", "BK7231T", "tuya", 0xC1ECA871, 256, 0, 0, 0, 0, NULL,
     NULL},
    {"BK7231T (BK7231S) 1.0.3", "1.0.3", "BK7231T", "tuya", 0x4B31E44D, 256, 0xDA6906D7, 0x3110801F,
     0x7085BE2B, 0xFD3BDBF5, "f6e4b081d673767cb7175d4eb853d9ea0975c60c8d4e1a5cb36fc5f127e797c1",
     sectors_t_103},
    {"BK7238 (T1) 2.0.0", "2.0.0", "BK7238", "none", 0xF42F8C32, 257, 0, 0, 0, 0, NULL, NULL},
    {"BK7238 1.0.14", "1.0.14", "BK7238", "none", 0x6BEB0924, 257, 0xB534E200, 0xFC77DEB0, 0, 0,
     "6bf9887de78f24ac619c7f5699b894280a7d55f5b7ff41c3ef11cdd48ead3c13", NULL},
    {"BK7231Q", "", "BK7231Q", "none", 0xF0231EF6, 256, 0, 0, 0, 0, NULL, NULL},
    {"BK7231Q (Tuya SDK)", "", "BK7231Q", "none", 0xFF5A3EAC, 256, 0, 0, 0, 0, NULL, NULL},
    {"BK7231Q (Tuya)", "", "BK7231Q", "none", 0x42C221EA, 256, 0x37497E68, 0x0ECC0BFA, 0, 0,
     "2e8d7fbc74b86f3bf405e3beb43ace0ee4845c474fc4bb3fedddb546b426a947", NULL},
    {"BK7231U 1.0.6", "1.0.6", "BK7231U", "none", 0x2739019F, 256, 0, 0, 0, 0, NULL, NULL},
    {"BK7252 0.1.3", "0.1.3", "BK7252", "none", 0x39F9B50C, 256, 0, 0, 0, 0, NULL, NULL},
    {"BK7252 (SDK)", "", "BK7252", "none", 0xE3A27C26, 256, 0, 0, 0, 0, NULL, NULL},
    {"BK7231M (OpenBeken)", "", "BK7231M", "none", 0x8E4E6CDB, 257, 0xE891C98B, 0x55403173, 0, 0,
     "2120d97b3836c5a761da9016e26cbe0139f1ab8fd5c3311602bd3dbc9606cd12", NULL},
    {"BL2028N", "", "BL2028N", "none", 0x698E014A, 257, 0xA9532950, 0x6650B435, 0, 0,
     "1ddefa7dac8c3efb830d7d16f85260dcd3217eb41a302c1b30a05eb84512ac33", NULL},
    {"BK7252N (OpenBeken)", "", "BK7252N", "none", 0x6C86CD3D, 257, 0xC021FFDD, 0xD7947A52, 0, 0,
     "6fdc57df4027edc788f00cb1b7744eceec07745e3f5b27b655d8b8ab27c86421", NULL},
    {"BK7231U (OpenBeken)", "", "BK7231U", "none", 0x8BCEC3B4, 256, 0xA32B3BDC, 0xC912B1C1, 0, 0,
     "618f9a4b17ca5c2239a8104440d832618bce37535db6b95e3aa8874c63fbe7f5", NULL},
    {"BK7252 (OpenBeken)", "", "BK7252", "none", 0x8BCEC3B4, 256, 0x361AFF2E, 0xCAA5581C, 0, 0,
     "c0a57484b4c86d7455b3dded1a6bd5718e7c31009d427f1e20ae0d71c10b01b0", NULL},
    {0},
};

const struct beken_bootloader *beken_bootloader_match(const uint8_t *data, size_t size) {
    if (size >= BEKEN_BOOT_SECTOR) {
        uint32_t crc = crc32_update(0, data, BEKEN_BOOT_SECTOR);
        for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
            if (b->sector_crc && b->sector_crc == crc)
                return b;
    }
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        if (!b->sector_crc && size >= b->check_size &&
            crc32_update(0, data, b->check_size) == b->check_crc)
            return b;
    return NULL;
}

const struct beken_bootloader *beken_bootloader_by_payload(uint32_t crc, uint32_t hash) {
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++)
        if (b->payload_crc && b->payload_crc == crc && b->payload_hash == hash)
            return b;
    return NULL;
}

/* An erased sector is alike in every version and says nothing. */
static bool sector_is(const uint8_t *sector, uint32_t crc) {
    return !bytes_all(sector, BEKEN_BOOT_SECTOR, 0xFF) &&
           crc32_update(0, sector, BEKEN_BOOT_SECTOR) == crc;
}

static int sectors_alike(const struct beken_bootloader *b, const uint8_t *data, size_t size) {
    int alike = 0;
    for (size_t i = 0; b->sectors && i < size / BEKEN_BOOT_SECTOR && i < BEKEN_BOOT_SECTORS; i++)
        alike += sector_is(data + i * BEKEN_BOOT_SECTOR, b->sectors[i]);
    return alike;
}

const struct beken_bootloader *beken_bootloader_by_sectors(const uint8_t *data, size_t size) {
    const struct beken_bootloader *best = NULL;
    int most = 0;
    for (const struct beken_bootloader *b = beken_bootloaders; b->name; b++) {
        int alike = sectors_alike(b, data, size);
        if (alike > most) {
            most = alike;
            best = b;
        }
    }
    return best;
}
