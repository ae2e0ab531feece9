using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Reads the <c>build</c> object of the notification plugin, and that of the CloudEvents plugin, which has the same in other spelling.</summary>
/// <remarks>
/// Its timestamp is the API's for STARTED, the API's plus the duration for COMPLETED, and the time of sending for FINALIZED and for what
/// a pipeline sends by the step <c>notifyEndpoints</c>; that step can send any phase from inside a running build, and then the duration
/// is 0. Source: the plugin's JobListener, Phase and NotifyStep.
/// </remarks>
internal static class NotificationPayload
{
    /// <param name="build">The object.</param>
    /// <param name="settings">The jobs that count.</param>
    /// <param name="said">The phase by the event's own name, for a build that names none.</param>
    public static ReportedBuild Read(JsonElement build, JenkinsSettings settings, string? said = null)
    {
        string? phase = build.Text("phase") ?? said;
        var report = new ReportedBuild(phase switch
        {
            "QUEUED" => "build.queued",
            "STARTED" => "build.started",
            "COMPLETED" => "build.completed",
            "FINALIZED" => "build.finalized",
            _ => "build",
        });
        if ((build.Text("full_url") ?? build.Text("fullUrl") ?? build.Text("url")) is not { } address) return report with { Malformed = "expected build.full_url, the build's address" };
        if (BuildAddress.Read(address, settings, out string problem) is not var (job, number)) return report with { Ignored = problem };
        if (build.Number("number") is { } given && given != number) return report with { Malformed = $"build.number is {given}, but build.full_url names build {number}" };

        report = report with { Job = job, Number = number };
        var scm = build.Member("scm") ?? build.Member("scmState") ?? default;
        if (scm.Text("branch") is { Length: > 0 } branch && branch != "detached" && !job.IsBranch(branch))
            return report with { Ignored = $"the build is of branch {SourceText.Quote(branch)}, not of {job.Branch}" };
        // A shared library's checkout can be the one that is reported.
        bool foreign = scm.Text("url") is { Length: > 0 } remote && !RemoteRepository.Matches(remote, job.Repository);
        string? revision = foreign ? null : CommitId.Read(scm.Text("commit"));
        var reading = new BuildReading
        {
            Job = job,
            Number = number,
            Stage = BuildStage.Running,
            Timestamp = build.Number("timestamp"),
            Revision = revision,
        };
        return phase switch
        {
            "QUEUED" => report with { Reading = reading with { Stage = BuildStage.Queued } },
            "STARTED" => report with { Reading = reading },
            "COMPLETED" or "FINALIZED" => Finished(report, reading, build),
            _ => report with { Diagnostics = [$"{job.Name} #{number}: the phase {SourceText.Quote(phase ?? "")} is not known; the build is read instead"] },
        };
    }

    private static ReportedBuild Finished(ReportedBuild report, BuildReading reading, JsonElement build) =>
        build.Text("status") is not { Length: > 0 } result || build.Number("duration") == 0
            ? report with { Diagnostics = [$"{reading.Job.Name} #{reading.Number}: a notification of its end was sent while it still ran; the build is read instead"] }
            : report with { Reading = reading with { Stage = BuildStage.Reported, Result = result } };
}
