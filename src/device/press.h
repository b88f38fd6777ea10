/* What buttons do by role, besides the events they raise. */
#ifndef DEVICE_PRESS_H
#define DEVICE_PRESS_H
struct device;

void button_press(struct device *d, unsigned pin);
/* `count` presses in a row, then quiet. */
void button_clicks(struct device *d, unsigned pin, unsigned count);
/* Held; again with every repeat time. */
void button_hold(struct device *d, unsigned pin);
#endif
