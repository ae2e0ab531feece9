namespace ClosedLoop.Insights.Ci;

/// <summary>One failure of one test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Verdict">Why it failed, as somebody or something labelled it.</param>
/// <param name="Module">The service or module, for the breakdown; null when it is not known.</param>
public sealed record TestFailure(string Test, FailureVerdict Verdict, string? Module = null)
{
    /// <summary>
    /// Labels a failure that nobody labelled by running the same commit again: what vanishes without a change was noise. An upper bound only: what fails each time for the same outside reason looks real.
    /// </summary>
    /// <param name="vanished">Whether the same commit passed when it was run again; null: it was not.</param>
    public TestFailure WithRerun(bool? vanished) => Verdict != FailureVerdict.Unknown || vanished is not { } gone ? this : this with { Verdict = gone ? FailureVerdict.Flaky : FailureVerdict.Real };
}
