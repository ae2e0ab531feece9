namespace ClosedLoop.Deadlines;

/// <summary>When the clocks of limits stand still. Checked at start; every message names the option and the fix. A change at run time counts for limits that run already.</summary>
public sealed class LimitOptions
{
    /// <summary>Spans in which nothing is expected to move. The default is none.</summary>
    public IList<FreezeWindow> Freezes { get; } = [];

    /// <summary>Freezes that come every week. The default is none.</summary>
    public IList<WeeklyFreeze> WeeklyFreezes { get; } = [];

    /// <summary>Working hours. Where several apply to a limit, its clock runs only while all of them are open. The default is none: clocks run day and night.</summary>
    public IList<BusinessHours> BusinessHours { get; } = [];

    /// <summary>Gates whose limit follows what they usually take. Of several for one gate the first counts. The default is none: limits are as declared.</summary>
    public IList<AdaptiveLimit> Adaptive { get; } = [];

    internal IEnumerable<ClockRule> Rules => [.. Freezes, .. WeeklyFreezes, .. BusinessHours];

    /// <summary>What is wrong with the options, or null.</summary>
    internal string? Mistake() =>
        Mistake(nameof(Freezes), Freezes) ?? Mistake(nameof(WeeklyFreezes), WeeklyFreezes) ?? Mistake(nameof(BusinessHours), BusinessHours)
        ?? Adaptive.Select(static (adaptive, i) => adaptive is null ? $"Limits:Adaptive:{i} is null; remove it." : adaptive.Mistake() is { } mistake ? $"Limits:Adaptive:{i} {mistake}." : null).FirstOrDefault(static m => m is not null);

    private static string? Mistake(string option, IEnumerable<ClockRule> rules) =>
        rules.Select((rule, i) => rule is null ? $"Limits:{option}:{i} is null; remove it." : rule.Mistake() is { } mistake ? $"Limits:{option}:{i} {mistake}." : null).FirstOrDefault(static m => m is not null);
}
