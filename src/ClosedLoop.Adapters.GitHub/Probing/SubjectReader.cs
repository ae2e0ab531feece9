using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.GraphQl;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>Reads pull requests, commits and where lines stand, a hundred in one query, each once in a probe. Not safe for use by several threads.</summary>
internal sealed class SubjectReader(ProbeSession session, LineReader lines, ChunkMemory chunks)
{
    /// <summary>The most pages of 100 checks read of one commit; GitHub itself sums up no more than 1,000 suites.</summary>
    public const int MaxContextPages = 10;

    private readonly HashSet<GraphQlSubject> _asked = [];
    private readonly HashSet<GraphQlSubject> _answered = [];
    private readonly Dictionary<string, ChangedPullRequests> _changes = new(StringComparer.Ordinal);

    public async Task ReadAsync(IEnumerable<GraphQlSubject> subjects, CancellationToken cancellationToken)
    {
        GraphQlSubject[] wanted = [.. subjects.Where(_asked.Add)];
        for (int read = 0; read < wanted.Length && !session.IsStopped;)
        {
            var chunk = wanted[read..Math.Min(wanted.Length, read + chunks.Size)];
            await ReadChunkAsync(chunk, cancellationToken).ConfigureAwait(false);
            read += chunk.Length;
        }
    }

    public bool WasAnswered(GraphQlSubject subject) => _answered.Contains(subject);

    /// <summary>The pull requests of a repository that changed since an instant, when its lines were read and named all of them; else null.</summary>
    public IReadOnlyList<(long Number, DateTimeOffset At)>? ChangedSince(string repository, DateTimeOffset since)
    {
        // GitHub's times have whole seconds.
        since = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        return _changes.TryGetValue(repository, out var changes) && (!changes.HasMore || changes.Oldest < since) ? [.. changes.Updated.Where(u => u.At >= since)] : null;
    }

    private async Task ReadChunkAsync(GraphQlSubject[] chunk, CancellationToken cancellationToken)
    {
        // GitHub gives a query ten seconds; half of it may fit.
        bool canAskLess = chunk.Length > ChunkMemory.Least;
        var settings = session.Settings;
        string document = GraphQlDocument.Batch(chunk, settings.Targets, settings.ReadsLabels, settings.HasMergeQueue, settings.RequiredChecksOnly);
        int points = GraphQlCost.Of(chunk, settings.Targets.Count, settings.ReadsLabels, settings.HasMergeQueue, settings.RequiredChecksOnly);
        using var answer = await session.QueryAsync(document, points, canAskLess, cancellationToken).ConfigureAwait(false);
        if (answer.AskLess && canAskLess)
        {
            chunks.TooSlow(chunk.Length);
            await ReadChunkAsync(chunk[..(chunk.Length / 2)], cancellationToken).ConfigureAwait(false);
            if (!session.IsStopped) await ReadChunkAsync(chunk[(chunk.Length / 2)..], cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!answer.Data.IsObject()) return;
        chunks.Answered(chunk.Length);
        _answered.UnionWith(chunk);
        var commits = ReadSubjects(chunk, answer);
        foreach (var commit in commits) await FinishAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    private List<GraphQlCommit> ReadSubjects(GraphQlSubject[] chunk, GraphQlAnswer answer)
    {
        var commits = new List<GraphQlCommit>();
        var errors = answer.Errors!;
        int repositoryIndex = 0, commitIndex = 0;
        foreach (var group in chunk.GroupBy(static s => s.Repository, StringComparer.Ordinal))
        {
            string repositoryAlias = $"r{repositoryIndex++}";
            var repository = answer.Data.Field(repositoryAlias);
            if (!repository.IsObject())
            {
                commitIndex += group.Count(static s => s.Commit is not null);
                session.BlindFor(group.Key, errors.At(repositoryAlias)?.Type ?? "no answer");
                continue;
            }
            // It is found under its old name as long as nobody takes that; its deliveries come with the new one.
            if (repository.Text("nameWithOwner") is { } name && RepositoryName.IsValid(name) && !name.Equals(group.Key, StringComparison.OrdinalIgnoreCase))
                session.Harvest.Diagnostics.Add($"the repository {group.Key} is called {name} now; correct GitHub:Repositories, or its deliveries are ignored");
            foreach (var subject in group)
            {
                string alias = subject.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"p{number}") : subject.IsLines ? "" : $"c{commitIndex++}";
                try
                {
                    if (subject.IsLines) ReadLines(subject, repository, repositoryAlias, answer, commits);
                    else Read(subject, repository.Field(alias), errors.At(repositoryAlias, alias) ?? errors.Anywhere, commits);
                }
                catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
                {
                    // A value that its schema does not allow, such as a name that no key can hold. One subject must not hide the others.
                    session.Blind($"GitHub's answer for {subject.Label} holds a value that cannot be read: {error.Message}");
                }
            }
        }
        return commits;
    }

    private void Read(GraphQlSubject subject, JsonElement found, GraphQlErrors.Entry? error, List<GraphQlCommit> commits)
    {
        if (error is { } entry) session.Note(subject.Label, entry);
        if (!found.IsObject())
        {
            // A webhook can announce a commit or number that the API does not show yet: it is asked for again, never counted as gone.
            if (error is null) session.Harvest.Diagnostics.Add($"{subject.Label}: GitHub does not show it (yet)");
            return;
        }
        if (subject.Number is not null)
        {
            if (!GraphQlPullRequest.Read(subject, found, session.Settings, session.Harvest)) session.Blind($"GitHub's answer for {subject.Label} lacks a field that its schema promises");
            return;
        }
        if (!string.Equals(found.Text("oid"), subject.Commit, StringComparison.OrdinalIgnoreCase))
        {
            session.Harvest.Diagnostics.Add($"{subject.Label}: the object of this id is not a commit");
            return;
        }
        ReadCommit(subject, found, error is not null, commits);
    }

    private void ReadCommit(GraphQlSubject subject, JsonElement found, bool isIncomplete, List<GraphQlCommit> commits)
    {
        var commit = new GraphQlCommit(subject);
        commit.ReadFirst(found, session.Harvest);
        if (isIncomplete) commit.MarkIncomplete();
        commits.Add(commit);
    }

    // A branch that is not there is no mistake: not every repository has every target branch.
    private void ReadLines(GraphQlSubject subject, JsonElement repository, string repositoryAlias, GraphQlAnswer answer, List<GraphQlCommit> commits)
    {
        if ((answer.Errors!.At(repositoryAlias, "deployments") ?? answer.Errors.Anywhere) is { } error) session.Note(subject.Label, error);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ReadHead("defaultBranchRef");
        for (int i = 0; i < session.Settings.Targets.Count; i++) ReadHead(string.Create(CultureInfo.InvariantCulture, $"b{i}"));
        foreach (var deployment in repository.Field("deployments").Items("nodes")) GraphQlDeployment.Read(subject.Repository, deployment, session.Harvest);
        if (answer.Errors.At(repositoryAlias, "pullRequests") is null && repository.Field("pullRequests").IsObject()) _changes[subject.Repository] = ChangedPullRequests.Read(repository.Field("pullRequests"));

        void ReadHead(string alias)
        {
            var problem = answer.Errors!.At(repositoryAlias, alias);
            if (problem is { } entry) session.Note(subject.Label, entry);
            var branch = repository.Field(alias);
            var target = branch.Field("target");
            if (branch.Text("name") is not { } name || !seen.Add(name) || target.Text("oid") is not { } oid || !KeyText.IsCommit(oid)) return;
            oid = oid.ToLowerInvariant();
            lines.See(subject.Repository, name, oid, answer.AsOf);
            var commit = new GraphQlSubject(subject.Repository, null, oid);
            // CI and deployments of the newest commit count for what is before it, whether or not anybody waits for that very commit.
            if (_asked.Add(commit)) ReadCommit(commit, target, problem is not null || answer.Errors.Anywhere is not null, commits);
        }
    }

    private async Task FinishAsync(GraphQlCommit commit, CancellationToken cancellationToken)
    {
        // Which checks are required depends on the pull request, whose number is only known now.
        long? requiredFor = session.Settings.RequiredChecksOnly ? commit.PullRequest : null;
        int page = 1;
        if (requiredFor is not null && commit.HasChecks)
        {
            commit.Restart();
            await ReadPageAsync(commit, null, requiredFor, cancellationToken).ConfigureAwait(false);
        }
        for (; commit.Cursor is { } cursor && page < MaxContextPages && !session.IsStopped; page++)
            if (!await ReadPageAsync(commit, cursor, requiredFor, cancellationToken).ConfigureAwait(false))
                break;
        try
        {
            commit.Finish(session.Settings, session.Harvest);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            session.Blind($"GitHub's answer for {commit.Subject.Label} holds a value that cannot be read: {error.Message}");
        }
    }

    private async Task<bool> ReadPageAsync(GraphQlCommit commit, string? cursor, long? requiredFor, CancellationToken cancellationToken)
    {
        using var reply = await session.SendAsync(GraphQlDocument.NextContexts(commit.Subject, cursor, requiredFor), 1, cancellationToken).ConfigureAwait(false);
        if (session.Failed(reply))
        {
            commit.MarkIncomplete();
            return false;
        }
        var root = reply.Document!.RootElement;
        var found = root.Field("data").Field("r0").Field("c0");
        if (GraphQlErrors.Read(root).First is not null || !found.IsObject())
        {
            commit.MarkIncomplete();
            return false;
        }
        commit.ReadPage(found);
        return true;
    }
}
