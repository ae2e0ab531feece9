using Microsoft.Extensions.Options;

namespace ClosedLoop.Insights;

internal sealed class InsightsOptionsValidator : IValidateOptions<InsightsOptions>
{
    public ValidateOptionsResult Validate(string? name, InsightsOptions options)
    {
        var failures = new List<string>();
        Check(options.RollUpInterval >= TimeSpan.FromSeconds(1) && options.RollUpInterval <= TimeSpan.FromMinutes(10), nameof(options.RollUpInterval), options.RollUpInterval, "use 00:00:01 to 00:10:00; the default is 00:00:05");
        Check(options.Weeks is >= 2 and <= 520, nameof(options.Weeks), options.Weeks, "use 2 to 520; the default is 26");
        Check(options.TargetMergesPerWeek >= 1, nameof(options.TargetMergesPerWeek), options.TargetMergesPerWeek, "use 1 or more; the default is 1000");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isRight, string option, object value, string fix)
        {
            if (!isRight) failures.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Insights:{option} is {value}; {fix}."));
        }
    }
}
