/* The text that describes a virtual port, taken apart; see port.h for the words. */
#ifndef VIRTUAL_PORT_SPEC_H
#define VIRTUAL_PORT_SPEC_H
#include "virtual/chip/chip.h"
#include "virtual/wire/wire.h"

enum port_start { PORT_START_APPLICATION, PORT_START_DOWNLOAD, PORT_START_OFF };

struct port_spec {
    const struct chip_kind *kind;
    char flash_path[1024]; /* "": none */
    bool readonly, is_protected, paced, real_time, console;
    uint32_t size, id; /* 0: default */
    bool key_given;
    struct beken_key key;
    uint64_t latency_ns, hand_ns, seed;
    enum wire_reset reset;
    enum port_start start;
    uint32_t crc_rate;
    struct wire_faults faults;
    struct spi_flash_defects defects;
};

/* BAD_ARGUMENT with one line in `error`. */
enum status port_spec_parse(const char *text, struct port_spec *out, char *error,
                            size_t error_size);
#endif
