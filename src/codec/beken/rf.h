/* The RF block ("TLV"): MAC address and radio calibration of one chip, in one 4 KiB sector. Records
 * are type, length, data; a type ending in 00 opens a group whose members follow directly.
 * Losing it means a default MAC and a weak radio, so it is never written implicitly.
 * Source: openshwprojects/BK7231GUIFlashTool (RFPartitionUtil.cs); measured on public dumps. */
#ifndef CODEC_BEKEN_RF_H
#define CODEC_BEKEN_RF_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RF_MAC_OFFSET = 0x24, RF_MAC_SIZE = 6, RF_SECTOR_SIZE = 0x1000 };

struct rf_block {
    uint32_t length; /* bytes of all records */
    uint8_t mac[RF_MAC_SIZE];
    bool mac_set;     /* neither all zero nor all FF */
    int records;      /* records met, members of groups included */
    bool tx_power;    /* group 22222200, transmit power tables, is there */
    bool calibration; /* group 33333300 or 44444400 is there */
};

/* Decodes the block at the start of a sector. */
enum status rf_decode(const uint8_t *data, size_t size, struct rf_block *out, struct fault *fault);
/* Writes a block of the short form (one group: chip constant, MAC, calibration words at their
 * defaults) into a sector; the rest becomes FF. */
void rf_encode(const uint8_t mac[RF_MAC_SIZE], uint8_t sector[RF_SECTOR_SIZE]);
#endif
