import { createSecretKey } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

/** Signed tokens that say who a client is. Whoever has the secret verifies them by itself and asks nobody. */
export type Tokens = {
  issue(client: string): Promise<string>;
  /** The client's name; undefined for what was not signed with our secret, was changed, or is too old. */
  verify(token: string): Promise<string | undefined>;
};

const VALID_FOR = "12h";
const ALGORITHM = "HS256";

export function createTokens(secret: string): Tokens {
  const key = createSecretKey(secret, "utf8");
  return {
    issue: (client) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(client)
        .setIssuedAt()
        .setExpirationTime(VALID_FOR)
        .sign(key),
    async verify(token) {
      try {
        // The algorithm is ours to say, not the token's.
        const { payload } = await jwtVerify(token, key, { algorithms: [ALGORITHM], requiredClaims: ["sub", "exp"] });
        return payload.sub;
      } catch {
        return undefined;
      }
    },
  };
}
