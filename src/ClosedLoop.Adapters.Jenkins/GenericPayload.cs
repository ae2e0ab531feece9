using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Reads the generic webhook, which a pipeline sends itself; its form is in this package's README.</summary>
internal static class GenericPayload
{
    private const string Event = "build.reported";

    public static ReportedBuild Read(JsonElement root, JenkinsSettings settings)
    {
        var report = new ReportedBuild(Event);
        if (root.Text("job") is not { Length: > 0 } name) return report with { Malformed = "expected job, the job's full name, as text" };
        if (root.Number("number") is not { } number || number <= 0) return report with { Malformed = "expected number, the build's number, as a whole number above 0" };
        if (settings.Find(JobName.Normalize(name), out string unlisted) is not { } job) return report with { Ignored = unlisted };
        if (root.Text("url") is { } address)
        {
            if (BuildAddress.Read(address, settings, out string problem) is not var (addressed, addressedNumber)) return report with { Ignored = problem };
            if (addressed != job || addressedNumber != number) return report with { Malformed = $"url names {addressed.Name} #{addressedNumber}, but job and number name {job.Name} #{number}" };
        }
        if (root.Text("branch") is { Length: > 0 } branch && !job.IsBranch(branch))
            return report with { Ignored = $"the build is of branch {SourceText.Quote(branch)}, not of {job.Branch}" };

        string? revision = CommitId.Read(root.Text("commit"));
        var reading = new BuildReading
        {
            Job = job,
            Number = number,
            Stage = BuildStage.Running,
            Timestamp = root.Number("timestamp"),
            Revision = revision,
        };
        // Inside a pipeline the result is "so far": only the sender knows whether anything can still fail.
        bool ended = root.Flag("building") == false && root.Text("result") is { Length: > 0 };
        return report with
        {
            Job = job,
            Number = number,
            Reading = ended
                ? reading with { Stage = BuildStage.Reported, Result = root.Text("result"), Timestamp = Add(reading.Timestamp, root.Number("duration")) }
                : reading,
        };
    }

    private static long? Add(long? timestamp, long? duration) =>
        timestamp is { } start and > 0 and < long.MaxValue / 2 ? start + Math.Clamp(duration ?? 0, 0, long.MaxValue / 4) : timestamp;
}
