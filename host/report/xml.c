/* SPDX-License-Identifier: Apache-2.0 */
#include "report/xml.h"

#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "report/disarm.h"

void mt_xml_attribute(xmlTextWriter *writer, const char *name, const char *value)
{
    MT_AUTO_FREE char *clean = mt_clean(value, strlen(value));

    xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST clean);
}

void mt_xml_text(xmlTextWriter *writer, const char *value)
{
    MT_AUTO_FREE char *clean = mt_clean(value, strlen(value));
    MT_AUTO_FREE char *disarmed = mt_disarm(clean);

    xmlTextWriterWriteString(writer, BAD_CAST disarmed);
}

void mt_xml_attachment(xmlTextWriter *writer, const char *path)
{
    MT_AUTO_FREE char *clean = mt_clean_line(path);
    MT_AUTO_FREE char *line = mt_text("\n[[ATTACHMENT|%s]]", clean);

    xmlTextWriterWriteString(writer, BAD_CAST line);
}

void mt_xml_number(xmlTextWriter *writer, const char *name, size_t value)
{
    MT_AUTO_FREE char *shown = mt_text("%zu", value);

    mt_xml_attribute(writer, name, shown);
}

void mt_xml_seconds(xmlTextWriter *writer, double value)
{
    MT_AUTO_FREE char *shown = mt_text("%.3f", value > 0 ? value : 0.0);

    mt_xml_attribute(writer, "time", shown);
}

void mt_xml_property(xmlTextWriter *writer, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    xmlTextWriterStartElement(writer, BAD_CAST "property");
    mt_xml_attribute(writer, "name", name);
    mt_xml_attribute(writer, "value", value);
    xmlTextWriterEndElement(writer);
}

char *mt_xml_utc(double when, const char *format)
{
    time_t whole = (time_t)when;
    struct tm parts;
    char shown[64] = "1970-01-01T00:00:00";

    if (gmtime_r(&whole, &parts) != NULL) {
        strftime(shown, sizeof(shown), format, &parts);
    }
    return mt_text_copy(shown);
}
