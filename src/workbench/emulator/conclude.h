/* What the files that decide about pins share. */
#ifndef WORKBENCH_EMULATOR_CONCLUDE_H
#define WORKBENCH_EMULATOR_CONCLUDE_H
#include "workbench/emulator/findings.h"

void finding_say(struct finding_pin *pin, enum finding_kind kind, int confidence,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* conclude_light.c: pads in their second function, the wires of an LED chip, the output that goes
 * on with a light. False when the pin is none of these. */
bool conclude_light(struct findings *f, int gpio);
#endif
