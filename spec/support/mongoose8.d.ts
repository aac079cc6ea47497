/** Mongoose declares its types for its own name only, not for the alias under which version 8 is installed. */
declare module 'mongoose8' {
  export { default } from 'mongoose';
}
