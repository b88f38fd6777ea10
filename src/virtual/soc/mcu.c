/* Frames 55 AA VERSION COMMAND LENGTH(2) payload SUM. Source: Tuya's public serial protocol,
 * protocol version 3. */
#include "virtual/soc/mcu.h"

#include <stdio.h>
#include <string.h>

enum { HEAD = 6, VERSION = 3 };

enum command {
    HEARTBEAT = 0x00,
    PRODUCT = 0x01,
    WORKING_MODE = 0x02,
    WIFI_STATE = 0x03,
    SET_DATAPOINT = 0x06,
    REPORT = 0x07,
    QUERY = 0x08,
};

static void answer(struct board *board, uint8_t command, const void *payload, size_t size) {
    uint8_t frame[HEAD + 128 + 1] = {0x55, 0xAA, VERSION, command, 0, (uint8_t)size}, sum = 0;
    memcpy(frame + HEAD, payload, size);
    for (size_t i = 0; i < HEAD + size; i++)
        sum = (uint8_t)(sum + frame[i]);
    frame[HEAD + size] = sum;
    board_uart_send(board, 0, frame, (int)(HEAD + size + 1));
}

static void report_switch(const struct mcu *mcu, struct board *board) {
    const uint8_t datapoint[] = {1, 1, 0, 1, mcu->on};
    answer(board, REPORT, datapoint, sizeof datapoint);
}

static void obey(struct mcu *mcu, struct board *board, uint8_t command, const uint8_t *payload,
                 size_t size) {
    char product[64];
    const uint8_t heartbeat = mcu->greeted;
    switch ((enum command)command) {
    case HEARTBEAT:
        answer(board, HEARTBEAT, &heartbeat, 1);
        mcu->greeted = true;
        break;
    case PRODUCT:
        snprintf(product, sizeof product, "{\"p\":\"%s\",\"v\":\"1.0.0\",\"m\":0}", mcu->product);
        answer(board, PRODUCT, product, strlen(product));
        break;
    case WORKING_MODE:
    case WIFI_STATE:
        answer(board, command, "", 0);
        break;
    case SET_DATAPOINT:
        if (size >= 5 && payload[0] == 1)
            mcu->on = payload[4] & 1;
        report_switch(mcu, board);
        break;
    case QUERY:
        report_switch(mcu, board);
        break;
    case REPORT:
    default:
        break;
    }
}

void mcu_receive(struct mcu *mcu, struct board *board, uint8_t byte) {
    uint8_t *f = mcu->frame;
    f[mcu->used++] = byte;
    if ((mcu->used == 1 && byte != 0x55) || (mcu->used == 2 && byte != 0xAA)) {
        mcu->used = byte == 0x55;
        f[0] = 0x55;
    }
    if (mcu->used < HEAD)
        return;
    size_t size = (size_t)f[4] << 8 | f[5];
    if (HEAD + size + 1 > MCU_FRAME)
        mcu->used = 0;
    else if (mcu->used == HEAD + size + 1) {
        mcu->used = 0;
        obey(mcu, board, f[3], f + HEAD, size);
    }
}
