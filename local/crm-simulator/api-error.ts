import type { JsonObject } from './json.ts';

/** An answer other than success; the server turns it into the vendor's error body (spec 3.1). */
export class ApiError extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }

  body(): JsonObject {
    return { Error: true, ErrorType: this.errorType, ErrorMessage: this.message, ErrorSource: 'NetServer' };
  }
}

export const badRequest = (message: string) => new ApiError(400, 'SoBadRequestException', message);
export const invalid = (message: string) => new ApiError(400, 'SoValidationException', message);
export const notFound = (message: string) => new ApiError(404, 'SoNotFoundException', message);
