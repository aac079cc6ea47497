/** One-time passwords (RFC 6238) of one account, right and wrong. */
import { Secret, TOTP } from 'otpauth';

export const TOTP_KEY = 'a secret of twenty b';

export const currentTotp = () => new TOTP({ secret: Secret.fromUTF8(TOTP_KEY) }).generate();
export const wrongTotp = () => String((Number(currentTotp()) + 1) % 1e6).padStart(6, '0');
