/* The 52 general flags of OpenBeken and its 4 logger flags, by bit number.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.h, docs/flags.md. */
#ifndef CODEC_OPENBEKEN_FLAGS_H
#define CODEC_OPENBEKEN_FLAGS_H

#define OBK_FLAG_COUNT        52
#define OBK_LOGGER_FLAG_COUNT 5
/* Flags a fresh configuration has: only bit 10. */
#define OBK_FLAGS_DEFAULT 0x400u

/* What a flag does, in words; NULL beyond the table. */
const char *obk_flag_text(unsigned bit);
const char *obk_logger_flag_text(unsigned bit);
#endif
