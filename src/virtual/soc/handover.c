/* Exceptions without a bootloader. Vectors lie at address 0, where the bootloader is, also when the
 * application runs: it hands them on. In the N family and its successors through pointers that the
 * application stores in the first words of RAM, in the T family by a jump to the application's own
 * vectors. An image that holds only an application gets vectors that do just that, in the view of
 * the flash, and starts at the application. Source: observation of public bootloaders. */
#include "virtual/soc/handover.h"

#include "base/bytes.h"

enum {
    APPLICATION = 0x10000,
    STUBS = 0x40,
    STUB_SIZE = 16,
    WORD = 4,
    VECTORS = 8,
};
#define BRANCH_TO_APPLICATION (0xEA000000u | (APPLICATION - 8) / WORD)

/* Offset of each vector's pointer in RAM; reset has none. */
static const uint8_t pointers[VECTORS] = {0, 0x0C, 0x08, 0x10, 0x14, 0x18, 0x00, 0x04};

static void put(struct board *b, uint32_t address, uint32_t word) {
    store_le32(b->flash.view + address, word);
}

/* push {r0, r1}; mov r0, #0x400000; ldr r1, [r0, #pointer]; bx r1 */
static void put_stub(struct board *b, uint32_t at, uint32_t pointer) {
    const uint32_t code[] = {0xE92D0003, 0xE3A00501, 0xE5901000 | pointer, 0xE12FFF11};
    for (uint32_t i = 0; i < sizeof code / sizeof *code; i++)
        put(b, at + WORD * i, code[i]);
}

void handover_install(struct board *b) {
    put(b, 0, BRANCH_TO_APPLICATION);
    for (uint32_t v = 1; v < VECTORS; v++) {
        uint32_t stub = STUBS + STUB_SIZE * v, at = WORD * v;
        if (b->chip->handover == SOC_HANDOVER_VECTORS)
            put(b, at, BRANCH_TO_APPLICATION);
        else {
            put(b, at, 0xEA000000 | (stub - at - 8) / WORD);
            put_stub(b, stub, pointers[v]);
        }
    }
}
