#ifndef CNETC_H
#define CNETC_H
int netc_version(void);
#endif
