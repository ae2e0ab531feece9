using System.Collections.Immutable;

namespace ClosedLoop.Insights.Dora;

/// <summary>
/// A table that puts a figure into a band: data, with a name, to be replaced by a team's own. The report of 2025 has no bands any more, and no report ever had any for the rework rate. Immutable.
/// </summary>
/// <param name="Name">What it is called wherever a band is shown.</param>
public sealed record DoraBands(string Name)
{
    /// <summary>Bands of the change lead time: the first whose limit is above the value. What no limit is above is <see cref="DoraBand.Low"/>.</summary>
    public required ImmutableArray<(TimeSpan Below, DoraBand Band)> LeadTime { get; init; }

    /// <summary>Bands of the recovery time, in the same way.</summary>
    public required ImmutableArray<(TimeSpan Below, DoraBand Band)> RecoveryTime { get; init; }

    /// <summary>Bands of the change fail rate: the first whose limit the value does not exceed; empty: it has none.</summary>
    public required ImmutableArray<(double UpTo, DoraBand Band)> ChangeFailRate { get; init; }

    /// <summary>Bands by the median of days with a deployment in a week: the first whose limit the value reaches.</summary>
    public required ImmutableArray<(int AtLeast, DoraBand Band)> DaysPerWeek { get; init; }

    /// <summary>Bands by the median of days with a deployment in a month, for what no week's limit is reached by.</summary>
    public required ImmutableArray<(int AtLeast, DoraBand Band)> DaysPerMonth { get; init; }

    /// <summary>The report of 2021, with the limits that DevLake uses for it (a month is 30 days, six are 180).</summary>
    public static DoraBands V2021 { get; } = new("DORA 2021")
    {
        LeadTime = [(TimeSpan.FromHours(1), DoraBand.Elite), (TimeSpan.FromDays(7), DoraBand.High), (TimeSpan.FromDays(180), DoraBand.Medium)],
        RecoveryTime = Recovery,
        ChangeFailRate = [(0.15, DoraBand.Elite), (0.20, DoraBand.High), (0.30, DoraBand.Medium)],
        DaysPerWeek = [(5, DoraBand.Elite)],
        DaysPerMonth = [(1, DoraBand.High)],
    };

    /// <summary>The report of 2023, with the limits that DevLake uses for it.</summary>
    public static DoraBands V2023 { get; } = new("DORA 2023")
    {
        LeadTime = [(TimeSpan.FromDays(1), DoraBand.Elite), (TimeSpan.FromDays(7), DoraBand.High), (TimeSpan.FromDays(30), DoraBand.Medium)],
        RecoveryTime = Recovery,
        ChangeFailRate = [(0.05, DoraBand.Elite), (0.10, DoraBand.High), (0.15, DoraBand.Medium)],
        DaysPerWeek = [(5, DoraBand.Elite), (1, DoraBand.High)],
        DaysPerMonth = [(1, DoraBand.Medium)],
    };

    /// <summary>
    /// The report of 2024. Its groups are not in one order by change fail rate (the high group's was above the medium one's), so that figure has no band.
    /// </summary>
    public static DoraBands V2024 { get; } = V2023 with { Name = "DORA 2024", ChangeFailRate = [] };

    private static ImmutableArray<(TimeSpan Below, DoraBand Band)> Recovery => [(TimeSpan.FromHours(1), DoraBand.Elite), (TimeSpan.FromDays(1), DoraBand.High), (TimeSpan.FromDays(7), DoraBand.Medium)];

    /// <summary>The band of a change lead time; null without a value.</summary>
    public DoraBand? OfLeadTime(TimeSpan? median) => Below(LeadTime, median);

    /// <summary>The band of a recovery time; null without a value.</summary>
    public DoraBand? OfRecoveryTime(TimeSpan? median) => Below(RecoveryTime, median);

    /// <summary>The band of a change fail rate, 0 to 1; null without a value.</summary>
    public DoraBand? OfChangeFailRate(double? rate)
    {
        if (rate is not { } value || ChangeFailRate.IsEmpty) return null;
        foreach (var (limit, band) in ChangeFailRate)
            if (value <= limit) return band;
        return DoraBand.Low;
    }

    /// <summary>The band of a deployment frequency; null when the window holds neither a full week nor a full month, or nothing was deployed in it.</summary>
    public DoraBand? Of(DeploymentFrequency frequency)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        if (frequency.Deployments == 0 || (frequency.MedianDaysPerWeek is null && frequency.MedianDaysPerMonth is null)) return null;
        foreach (var (limit, band) in DaysPerWeek)
            if (frequency.MedianDaysPerWeek >= limit) return band;
        foreach (var (limit, band) in DaysPerMonth)
            if (frequency.MedianDaysPerMonth >= limit) return band;
        return frequency.MedianDaysPerMonth is null ? null : DoraBand.Low;
    }

    private static DoraBand? Below(ImmutableArray<(TimeSpan Below, DoraBand Band)> table, TimeSpan? median)
    {
        if (median is not { } value) return null;
        foreach (var (limit, band) in table)
            if (value < limit) return band;
        return DoraBand.Low;
    }
}
