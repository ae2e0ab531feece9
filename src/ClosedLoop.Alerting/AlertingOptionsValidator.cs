using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.HandOffs;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Refuses options that would tell people too much, too little, or nobody.</summary>
internal sealed class AlertingOptionsValidator(IEnumerable<IIncidentSink> sinks) : IValidateOptions<AlertingOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertingOptions options)
    {
        var failures = new List<string>();
        Check(options.LookInterval >= TimeSpan.FromSeconds(1) && options.LookInterval <= TimeSpan.FromMinutes(10), nameof(options.LookInterval), options.LookInterval, "use 00:00:01 to 00:10:00; the default is 00:00:30");
        Check(options.HealthyLooks is >= 1 and <= 100, nameof(options.HealthyLooks), options.HealthyLooks, "use 1 to 100; the default is 2");
        Check(options.FlapWindow >= TimeSpan.Zero, nameof(options.FlapWindow), options.FlapWindow, "use zero or more; the default is 01:00:00");
        Check(options.RepeatWarningEvery >= options.LookInterval, nameof(options.RepeatWarningEvery), options.RepeatWarningEvery, "use at least LookInterval; the default is 04:00:00");
        Check(options.RepeatErrorEvery >= options.LookInterval, nameof(options.RepeatErrorEvery), options.RepeatErrorEvery, "use at least LookInterval; the default is 01:00:00");
        Check(options.RepeatCriticalEvery >= options.LookInterval, nameof(options.RepeatCriticalEvery), options.RepeatCriticalEvery, "use at least LookInterval; the default is 00:30:00");
        Check(options.ErrorAfter > TimeSpan.Zero, nameof(options.ErrorAfter), options.ErrorAfter, "use a positive time; the default is 01:00:00");
        Check(options.CriticalAfter >= options.ErrorAfter, nameof(options.CriticalAfter), options.CriticalAfter, "use at least ErrorAfter; the default is 04:00:00");
        Check(options.ErrorItems >= 1, nameof(options.ErrorItems), options.ErrorItems, "use 1 or more; the default is 20");
        Check(options.CriticalItems >= options.ErrorItems, nameof(options.CriticalItems), options.CriticalItems, "use at least ErrorItems; the default is 200");
        Check(options.RedLineAfter is null || options.RedLineAfter > TimeSpan.Zero, nameof(options.RedLineAfter), options.RedLineAfter, "use a positive time, or null for never; the default is 00:15:00");
        Check(options.BlindAfter is null || options.BlindAfter > TimeSpan.Zero, nameof(options.BlindAfter), options.BlindAfter, "use a positive time, or null for never; the default is 00:05:00");
        Check(options.SinkStuckAfter is null || options.SinkStuckAfter > TimeSpan.Zero, nameof(options.SinkStuckAfter), options.SinkStuckAfter, "use a positive time, or null for never; the default is 00:15:00");
        Check(options.RisingWipHours is null or (>= 1 and <= 168), nameof(options.RisingWipHours), options.RisingWipHours, "use 1 to 168, or null for never; the default is 6");
        Check(options.RisingWipItems >= 1, nameof(options.RisingWipItems), options.RisingWipItems, "use 1 or more; the default is 20");
        CheckSinks(options, failures);
        for (int i = 0; i < options.Owners.Count; i++)
            if (string.IsNullOrWhiteSpace(options.Owners[i].Owner)) failures.Add($"Alerting:Owners:{i}:Owner is empty; name a role or a team, such as ci-team.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isRight, string option, object? value, string fix)
        {
            if (!isRight) failures.Add($"Alerting:{option} is {value}; {fix}.");
        }
    }

    private void CheckSinks(AlertingOptions options, List<string> failures)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sink in sinks)
        {
            if (sink is { Name: not { Length: > 0 and <= 64 } } || !sink.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
                failures.Add($"Alerting:Sinks: one is named '{sink.Name}'; use up to 64 lower-case letters, digits and '-'.");
            names.Add(sink.Name);
            if (sink is IStandingSink standing && (standing.RefreshEvery < TimeSpan.FromSeconds(10) || standing.RefreshEvery > TimeSpan.FromMinutes(10)))
                failures.Add($"Alerting:Sinks:{sink.Name}:RefreshEvery is {standing.RefreshEvery}; use 00:00:10 to 00:10:00.");
        }
        names.RemoveWhere(static n => n.StartsWith(HandOffSink.NameOf(""), StringComparison.Ordinal));
        for (int i = 0; i < options.Routes.Count; i++)
        {
            if (options.Routes[i].Sinks.Count == 0) failures.Add($"Alerting:Routes:{i}:Sinks is empty; name at least one of {string.Join(", ", names)}.");
            foreach (string sink in options.Routes[i].Sinks)
                if (!names.Contains(sink)) failures.Add($"Alerting:Routes:{i}:Sinks names '{sink}', and no such sink was added; there are {string.Join(", ", names)}.");
        }
    }
}
