using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Reads the <c>build</c> object of the notification plugin.</summary>
/// <remarks>
/// Its timestamp is the API's for STARTED, the API's plus the duration for COMPLETED, and the time of sending for FINALIZED and for what
/// a pipeline sends by the step <c>notifyEndpoints</c>; that step can send any phase from inside a running build, and then the duration
/// is 0. Source: the plugin's JobListener, Phase and NotifyStep.
/// </remarks>
internal static class NotificationPayload
{
    public static ReportedBuild Read(JsonElement build, JenkinsSettings settings)
    {
        string? phase = build.Text("phase");
        var report = new ReportedBuild(phase switch
        {
            "QUEUED" => "build.queued",
            "STARTED" => "build.started",
            "COMPLETED" => "build.completed",
            "FINALIZED" => "build.finalized",
            _ => "build",
        });
        if ((build.Text("full_url") ?? build.Text("url")) is not { } address) return report with { Malformed = "expected build.full_url, the build's address" };
        if (BuildAddress.Read(address, settings, out string problem) is not var (job, number)) return report with { Ignored = problem };
        if (build.Integer("number") is { } said && said != number) return report with { Malformed = $"build.number is {said}, but build.full_url names build {number}" };

        report = report with { Job = job, Number = number };
        var scm = build.Member("scm") ?? default;
        if (scm.Text("branch") is { Length: > 0 } branch && branch != "detached" && !job.IsBranch(branch))
            return report with { Ignored = $"the build is of branch {Text.Quote(branch)}, not of {job.Branch}" };
        // A shared library's checkout can be the one that is reported.
        bool foreign = scm.Text("url") is { Length: > 0 } remote && !RemoteRepository.Matches(remote, job.Repository);
        string? revision = foreign ? null : CommitId.Read(scm.Text("commit"));
        var reading = new BuildReading
        {
            Job = job,
            Number = number,
            Stage = BuildStage.Running,
            Timestamp = build.Integer("timestamp"),
            Revision = revision,
        };
        return phase switch
        {
            "QUEUED" => report with { Reading = reading with { Stage = BuildStage.Queued } },
            "STARTED" => report with { Reading = reading },
            "COMPLETED" or "FINALIZED" => Finished(report, reading, build),
            _ => report with { Diagnostics = [$"{job.Name} #{number}: the phase {Text.Quote(phase ?? "")} is not known; the build is read instead"] },
        };
    }

    private static ReportedBuild Finished(ReportedBuild report, BuildReading reading, JsonElement build) =>
        build.Text("status") is not { Length: > 0 } result || build.Integer("duration") == 0
            ? report with { Diagnostics = [$"{reading.Job.Name} #{reading.Number}: a notification of its end was sent while it still ran; the build is read instead"] }
            : report with { Reading = reading with { Stage = BuildStage.Reported, Result = result } };
}
