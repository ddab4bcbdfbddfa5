/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing XML that is well-formed whatever a test is called or prints: libxml2's writer passes
 * control characters and bad UTF-8 through, so every text is made clean here. Nor can a text attach
 * a file, or be a command to who reads the report.
 */
#ifndef MT_REPORT_XML_H
#define MT_REPORT_XML_H

#include <libxml/xmlwriter.h>
#include <stddef.h>

void mt_xml_attribute(xmlTextWriter *writer, const char *name, const char *value);
void mt_xml_text(xmlTextWriter *writer, const char *value);
/* A line of its own, by which Jenkins attaches that file. */
void mt_xml_attachment(xmlTextWriter *writer, const char *path);
void mt_xml_number(xmlTextWriter *writer, const char *name, size_t value);
/* The attribute `time`. */
void mt_xml_seconds(xmlTextWriter *writer, double value);
/* An element `property`; none where the value is NULL. */
void mt_xml_property(xmlTextWriter *writer, const char *name, const char *value);

/* A moment by strftime's format; the caller frees it. */
char *mt_xml_utc(double when, const char *format);

#endif
