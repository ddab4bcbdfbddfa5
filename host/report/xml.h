/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes XML that is well-formed whatever the name or the output of a test is. libxml2's writer
 * passes control characters and bad UTF-8 through, so every text is cleaned here. A text can
 * neither attach a file nor be a command to the reader of the report.
 */
#ifndef MT_REPORT_XML_H
#define MT_REPORT_XML_H

#include <libxml/xmlwriter.h>
#include <stddef.h>

void mt_xml_attribute(xmlTextWriter *writer, const char *name, const char *value);
void mt_xml_text(xmlTextWriter *writer, const char *value);
/* A line by which Jenkins attaches that file. */
void mt_xml_attachment(xmlTextWriter *writer, const char *path);
void mt_xml_number(xmlTextWriter *writer, const char *name, size_t value);
/* The attribute `time`. */
void mt_xml_seconds(xmlTextWriter *writer, double value);
/* An element `property`, or nothing if the value is NULL. */
void mt_xml_property(xmlTextWriter *writer, const char *name, const char *value);

/* A time in strftime's format, which the caller frees. */
char *mt_xml_utc(double when, const char *format);

#endif
