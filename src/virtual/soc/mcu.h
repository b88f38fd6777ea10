/* The microcontroller beside a TuyaMCU module: answers what the module asks on UART1, so that the
 * module's firmware goes on to what it does with an answer. It has one switch, datapoint 1.
 *
 * Which product it is of and how it says so, the module decides: firmware that was set up for one
 * refuses any other, and names it in its log; and some wants JSON, some the bare id and version. */
#ifndef VIRTUAL_SOC_MCU_H
#define VIRTUAL_SOC_MCU_H
#include "virtual/soc/board.h"

enum { MCU_FRAME = 512, MCU_PRODUCT = 16 };

struct mcu {
    char product[MCU_PRODUCT + 1]; /* product id; "": there is no microcontroller */
    bool learns;                   /* takes the id that the module expects */
    uint8_t frame[MCU_FRAME];      /* being received */
    size_t used;
    bool greeted;   /* the first heartbeat was answered */
    unsigned asked; /* for the product */
    uint8_t on;     /* datapoint 1 */
};

/* By name: a product id of up to 16 characters, or "auto" for what the module wants. */
void mcu_start(struct mcu *mcu, const char *product);
/* A line of the module's log. True when it expects another product, which *mcu is of from now on;
 * the module has to be started over to ask again. */
bool mcu_hear(struct mcu *mcu, const char *line, size_t size);
/* A byte that the module sent. */
void mcu_receive(struct mcu *mcu, struct board *board, uint8_t byte);
#endif
