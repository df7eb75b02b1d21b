/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sensors and actuators through RIOT's SAUL registry: bpf_saul_reg_find_nth, _find_type, _read, _write.
 *
 *   phydat_t reading;
 *   bpf_saul_reg_t *sensor = bpf_saul_reg_find_type(SAUL_SENSE_TEMP);
 *   if (!sensor || bpf_saul_reg_read(sensor, &reading) < 0) { … no such sensor, or it failed … }
 *
 * A device has one class; its number is 0x40 | n for actuators, 0x80 | n for sensors, as in RIOT's
 * drivers/include/saul.h today. (Releases before rBPF's time numbered the actuators one higher, and OCCUP 0x91.) */
#ifndef RBPF_SAUL_H
#define RBPF_SAUL_H

#include <rbpf/bindings.h>
#include <rbpf/phydat.h>
#include <rbpf/types.h>

/** Classes of devices. What a reading means is told by its unit, not by the class. */
enum {
    SAUL_CLASS_UNDEF = 0x00,

    SAUL_ACT_ANY = 0x40, /**< any actuator */
    SAUL_ACT_LED_RGB = 0x41,
    SAUL_ACT_SERVO = 0x42,
    SAUL_ACT_MOTOR = 0x43,
    SAUL_ACT_SWITCH = 0x44, /**< on or off: val[0] is 1 or 0 */
    SAUL_ACT_DIMMER = 0x45, /**< val[0] is 0 … 255 */

    SAUL_SENSE_ANY = 0x80, /**< any sensor */
    SAUL_SENSE_BTN = 0x81,
    SAUL_SENSE_TEMP = 0x82,
    SAUL_SENSE_HUM = 0x83,
    SAUL_SENSE_LIGHT = 0x84,
    SAUL_SENSE_ACCEL = 0x85,
    SAUL_SENSE_MAG = 0x86,
    SAUL_SENSE_GYRO = 0x87,
    SAUL_SENSE_COLOR = 0x88,
    SAUL_SENSE_PRESS = 0x89,
    SAUL_SENSE_ANALOG = 0x8a,
    SAUL_SENSE_UV = 0x8b,
    SAUL_SENSE_OBJTEMP = 0x8c, /**< temperature of something at a distance */
    SAUL_SENSE_COUNT = 0x8d,   /**< pulses */
    SAUL_SENSE_DISTANCE = 0x8e,
    SAUL_SENSE_CO2 = 0x8f,
    SAUL_SENSE_TVOC = 0x90, /**< volatile organic compounds */
    SAUL_SENSE_GAS = 0x91,
    SAUL_SENSE_OCCUP = 0x92,
    SAUL_SENSE_PROXIMITY = 0x93,
    SAUL_SENSE_RSSI = 0x94,
    SAUL_SENSE_CHARGE = 0x95,
    SAUL_SENSE_CURRENT = 0x96,
    SAUL_SENSE_PM = 0x97, /**< particulate matter */
    SAUL_SENSE_CAPACITANCE = 0x98,
    SAUL_SENSE_VOLTAGE = 0x99,
    SAUL_SENSE_PH = 0x9a,
    SAUL_SENSE_POWER = 0x9b,
    SAUL_SENSE_SIZE = 0x9c,

    SAUL_CLASS_ANY = 0xff, /**< any device */
};

#endif
