/* The microcontroller beside a TuyaMCU module: answers what the module asks on UART1, so that the
 * module's firmware goes on to what it does with an answer. It has one switch, datapoint 1. */
#ifndef VIRTUAL_SOC_MCU_H
#define VIRTUAL_SOC_MCU_H
#include "virtual/soc/board.h"

enum { MCU_FRAME = 512, MCU_PRODUCT = 24 };

struct mcu {
    char product[MCU_PRODUCT]; /* product id; "": there is no microcontroller */
    uint8_t frame[MCU_FRAME];  /* being received */
    size_t used;
    bool greeted; /* the first heartbeat was answered */
    uint8_t on;   /* datapoint 1 */
};

/* A byte that the module sent. */
void mcu_receive(struct mcu *mcu, struct board *board, uint8_t byte);
#endif
