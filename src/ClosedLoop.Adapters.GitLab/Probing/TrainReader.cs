using System.Text.Json;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab.Probing;

/// <summary>Reads where open merge requests stand in a merge train. Not safe for use by several threads.</summary>
internal sealed class TrainReader(HostSession session, GitLabSettings settings)
{
    private const int NewestNotes = 100;
    private readonly HashSet<string> _withoutTrains = [];

    /// <summary>Reads it: one request where it stands in a train, two where it does not.</summary>
    /// <param name="repository">The project.</param>
    /// <param name="project">The project's part of the path.</param>
    /// <param name="request">The merge request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task ReadAsync(string repository, string project, JsonElement request, CancellationToken cancellationToken)
    {
        if (request.Text("state") is not ("opened" or "locked") || request.Number("iid") is not { } number || _withoutTrains.Contains(repository)) return;
        string about = $"the merge train of {repository}!{number}";
        var answer = await session.GetAsync($"{project}/merge_trains/merge_requests/{number}", cancellationToken).ConfigureAwait(false);
        if (session.IsStopped) return;
        if (answer.Kind == SourceAnswerKind.Forbidden)
        {
            _withoutTrains.Add(repository);
            session.Harvest.Diagnostics.Add($"{repository}: its merge trains cannot be read; give GitLab:Token the role Developer, or set GitLab:FollowMergeTrains to false where GitLab's plan has none");
            return;
        }
        if (answer.Kind == SourceAnswerKind.Missing)
        {
            await ReadNotesAsync(repository, project, number, request.Text("web_url"), cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!session.Expect(answer, about, JsonValueKind.Object)) return;
        session.Guard(about, () =>
        {
            if (TrainCarSeen.Read(answer.Root) is { } car) TrainFacts.AddEntered(repository, number, car, settings, session.Harvest);
            else session.Harvest.Diagnostics.Add($"{about}: the answer lacks status or created_at and counts as no evidence");
        });
    }

    // A place that is left is gone from the API; why it was left stands only in a note.
    private async Task ReadNotesAsync(string repository, string project, long number, string? url, CancellationToken cancellationToken)
    {
        string about = $"the notes of {repository}!{number}";
        var answer = await session.GetAsync($"{project}/merge_requests/{number}/notes?activity_filter=only_activity&order_by=created_at&sort=desc&per_page={NewestNotes}", cancellationToken).ConfigureAwait(false);
        if (!session.Expect(answer, about, JsonValueKind.Array)) return;
        session.Guard(about, () =>
        {
            foreach (var note in answer.Root.EnumerateArray())
            {
                // People may write the same words; only GitLab's own count.
                if (note.Flag("system") != true || note.Text("body") is not { } body || !TrainNote.IsAbout(body)) continue;
                if (note.Time("created_at") is { } at && TrainNote.Read(body) is { } said) TrainFacts.AddNote(repository, number, said, at, url, settings, session.Harvest);
                return;
            }
        });
    }
}
