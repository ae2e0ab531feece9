using Microsoft.Extensions.Options;

namespace ClosedLoop.Deadlines;

internal sealed class LimitOptionsValidation : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options) =>
        options.Mistake() is { } mistake ? ValidateOptionsResult.Fail(mistake) : ValidateOptionsResult.Success;
}
