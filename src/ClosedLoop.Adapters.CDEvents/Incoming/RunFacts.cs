using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Runs of pipelines and test suites, as the gate <c>main-ci</c>. Written as CI.</summary>
internal static class RunFacts
{
    private const int Queued = 0, Started = 1, Finished = 3;

    public static string? Add(CDEvent read, EventType type, SourceRule rule, Reading reading)
    {
        if (!rule.Is(WriterRoles.Ci)) return $"the source may not write as {WriterRoles.Ci}";
        string? name = EventFacts.NameOf(type.Subject == "pipelinerun"
            ? read.Content.Text("pipelineName")
            : read.Content.Text("testSuite", "name") ?? read.Content.Text("testSuite", "id"));
        if (rule.Checks.Count > 0 && (name is null || !rule.Checks.Contains(name))) return $"{SourceText.Quote(name ?? "a run without a name")} is not listed in the source's Checks";
        string? repository = EventFacts.RepositoryOf(read, rule, read.Content.Text("repository", "id"), out string? refused);
        if (refused is not null) return refused;
        string? commit = EventFacts.CommitOf(read, rule);
        if (EventFacts.KeyOf(KeySchemes.Build, $"{read.Source}#{read.SubjectId}") is not { } subject) return "its source and id are too long, or hold control characters";
        int rank = type.Predicate switch { "queued" => Queued, "started" => Started, "finished" => Finished, _ => -1 };
        if (rank < 0) return $"{read.Name} says nothing about a gate";

        var origin = EventFacts.Origin(read, rule, repository, commit);
        var writer = rule.As(WriterRoles.Ci);
        var (status, reason, detail) = rank switch
        {
            Queued => (GateStatus.Waiting, Reason.None, "is queued"),
            Started => (GateStatus.Running, Reason.None, "is running"),
            _ => Judge(read.Content.Text("outcome")),
        };
        string shown = name ?? "the run";
        if (reason == Reason.Unrecognized) reading.Diagnostics.Add($"{shown}: the outcome {SourceText.Quote(read.Content.Text("outcome") ?? "")} is not known and counts as no evidence");
        if (origin.IsEmpty && rank == Finished) reading.Diagnostics.Add($"{shown}: {string.Join('.', rule.CommitPath)} names no commit of a known repository; what was run is not known unless an earlier event of the run said it");
        reading.Facts.Add(EventFacts.Of(read, subject, Gates.MainCi, writer, rank) with
        {
            Status = status,
            Reason = reason,
            Name = name,
            Revision = repository is null ? null : commit,
            // Which other runs there are is not known unless they are listed.
            IsPartial = !rule.HasOneCheck,
            Detail = $"{shown} {detail}",
            Evidence = EventFacts.Link(read.Content, name),
            Links = origin,
            Attributes = EventFacts.Attributes((FactAttributes.Repository, repository)),
        });
        // The end often does not repeat it.
        if (!origin.IsEmpty && rank != Finished)
            reading.Facts.Add(EventFacts.Of(read, subject, FactKinds.Link, writer, 0) with { Ordinal = new Ordinal(0), Links = origin });
        return null;
    }

    // 0.4 has pass and fail for tests, success and failure for pipelines; 0.5 the latter for both.
    private static (GateStatus Status, Reason Reason, string Detail) Judge(string? outcome) => outcome switch
    {
        "success" or "pass" => (GateStatus.Passed, Reason.None, "succeeded"),
        "failure" or "fail" => (GateStatus.Failed, Reason.None, "failed"),
        "error" => (GateStatus.Failed, Reason.None, "ended with an error"),
        "cancel" => (GateStatus.Waiting, Reason.Cancelled, "was cancelled"),
        _ => (GateStatus.Waiting, Reason.Unrecognized, "ended with an outcome that is not known"),
    };
}
