using System.Globalization;

namespace ClosedLoop.Adapters.Health;

/// <summary>Compares the samples of an answer with a limit. Pure.</summary>
internal static class PrometheusVerdict
{
    public static CheckLook Judge(PrometheusAnswer answer, HealthComparison comparison, double limit)
    {
        if (answer.Problem is { } problem) return CheckLook.Neither(problem, answer.IsMisasked ? Facts.Reason.Misconfigured : Facts.Reason.Inconclusive);
        if (answer.Samples.IsEmpty) return CheckLook.Neither("no data: the query gives no series, which is neither good nor bad");
        int bad = 0, none = 0;
        double shown = answer.Samples[0].Value;
        foreach (var (_, value) in answer.Samples)
        {
            // A division by no traffic is NaN or infinite, and compares as the caller least expects.
            if (!double.IsFinite(value)) none++;
            else if (!Holds(value, comparison, limit) && bad++ == 0) shown = value;
        }
        string wanted = $"{Word(comparison)} {Text(limit)}";
        if (bad > 0) return CheckLook.Bad(answer.Samples.Length == 1 ? $"{Text(shown)} is not {wanted}" : $"{bad} of {answer.Samples.Length} series are not {wanted}, one is {Text(shown)}");
        if (none > 0) return CheckLook.Neither(answer.Samples.Length == 1 ? $"{Text(shown)} is no measurement (no traffic?)" : $"{none} of {answer.Samples.Length} series have no measurement (no traffic?)");
        if (answer.IsPartial) return CheckLook.Neither("holds, but Prometheus says that a part of the answer is missing");
        return CheckLook.Good(answer.Samples.Length == 1 ? $"{Text(shown)} is {wanted}" : $"all {answer.Samples.Length} series are {wanted}");
    }

    private static bool Holds(double value, HealthComparison comparison, double limit) => comparison switch
    {
        HealthComparison.AtMost => value <= limit,
        HealthComparison.Below => value < limit,
        HealthComparison.AtLeast => value >= limit,
        HealthComparison.Above => value > limit,
        _ => false,
    };

    private static string Word(HealthComparison comparison) => comparison switch
    {
        HealthComparison.AtMost => "at most",
        HealthComparison.Below => "below",
        HealthComparison.AtLeast => "at least",
        _ => "above",
    };

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
