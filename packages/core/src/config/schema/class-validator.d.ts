// class-validator's entry point loads every validator it has, with a library of phone numbers: 17 MB. The few modules
// used here take 2 MB, and share its registry with the whole package when an application loads that too. It ships types
// for its entry point only.
declare module 'class-validator/cjs/decorator/common/ValidateBy.js' {
  export { ValidateBy } from 'class-validator';
}
declare module 'class-validator/cjs/decorator/common/IsOptional.js' {
  export { IsOptional } from 'class-validator';
}
declare module 'class-validator/cjs/decorator/number/Min.js' {
  export { min, Min } from 'class-validator';
}
declare module 'class-validator/cjs/decorator/number/Max.js' {
  export { max, Max } from 'class-validator';
}
declare module 'class-validator/cjs/validation/Validator.js' {
  export { Validator } from 'class-validator';
}
