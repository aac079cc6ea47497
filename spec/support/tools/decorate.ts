/** Applies decorators by call, for projects that compile without `experimentalDecorators`. */

export function decorateMethod(
  { prototype }: { readonly prototype: object },
  method: string,
  decorators: readonly MethodDecorator[],
  parameters: readonly ParameterDecorator[] = [],
): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method) as PropertyDescriptor;
  for (const decorate of decorators) decorate(prototype, method, descriptor);
  for (const [index, decorate] of parameters.entries()) decorate(prototype, method, index);
}
