using System.Globalization;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>Reads where lines stand and their history, ten lines in one query. Not safe for use by several threads.</summary>
internal sealed class LineReader(ProbeSession session, HeadMemory memory)
{
    /// <summary>The most lines in one query: each brings a page of commits with their messages.</summary>
    public const int ChunkSize = 10;

    private readonly List<LineGap> _moved = [];
    private readonly HashSet<LineGap> _asked = [];

    /// <summary>Notes where an answer shows a branch; when it has moved, its history is read by <see cref="ReadMovedAsync"/>.</summary>
    public void See(string repository, string branch, string commit, DateTimeOffset? asOf)
    {
        if (asOf is not { } at)
        {
            session.Harvest.Diagnostics.Add("GitHub's answer has no Date header, or one more than five minutes ahead of this machine's clock, so where branches stand was not taken from it; check both clocks and a proxy on the way");
            return;
        }
        if (HeadFacts.OfLook(repository, branch, commit, at) is not { } seen) return;
        var (fact, moved) = memory.Say(seen);
        session.Harvest.Facts.Add(fact);
        if (moved) _moved.Add(new LineGap(repository, branch, commit));
    }

    /// <summary>Reads the lines that the engine asks for.</summary>
    public Task ReadAsync(IEnumerable<LineGap> lines, CancellationToken cancellationToken)
    {
        var asked = new List<LineGap>();
        foreach (var line in lines)
        {
            var gap = new LineGap(line.Repository.ToLowerInvariant(), line.Branch.Trim(), line.From?.ToLowerInvariant());
            string about = $"the history of {Name(gap)}";
            // A commit that runs somewhere may be on no line that is known; a line that has no name has no head.
            if (!RepositoryName.IsValid(gap.Repository) || (gap.From is null ? gap.Branch.Length == 0 : !KeyText.IsCommit(gap.From)))
                session.Harvest.Diagnostics.Add($"{about} is not something that GitHub can be asked for");
            else if (!session.Settings.Watches(gap.Repository)) session.Harvest.Diagnostics.Add($"{about} is not read: its repository is not in GitHub:Repositories");
            else asked.Add(gap);
        }
        return ReadNewAsync(asked, GraphQlHistoryDocument.PageSize, cancellationToken);
    }

    /// <summary>Reads the newest page of the lines that moved since the last look, whoever knows of that yet.</summary>
    public Task ReadMovedAsync(CancellationToken cancellationToken)
    {
        LineGap[] moved = [.. _moved];
        _moved.Clear();
        return ReadNewAsync(moved, GraphQlHistoryDocument.MovedPageSize, cancellationToken);
    }

    private async Task ReadNewAsync(IEnumerable<LineGap> lines, int pageSize, CancellationToken cancellationToken)
    {
        foreach (var chunk in lines.Where(_asked.Add).Chunk(ChunkSize))
        {
            if (session.IsStopped) return;
            await ReadChunkAsync(chunk, withMessages: true, pageSize, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadChunkAsync(LineGap[] chunk, bool withMessages, int pageSize, CancellationToken cancellationToken)
    {
        bool canAskLess = chunk.Length > 1 || withMessages;
        using var answer = await session.QueryAsync(GraphQlHistoryDocument.Of(chunk, withMessages, pageSize), GraphQlCost.OfHistory(chunk.Length, pageSize), canAskLess, cancellationToken).ConfigureAwait(false);
        if (answer.Data.IsObject())
        {
            try
            {
                Read(chunk, answer);
            }
            catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
            {
                session.Blind($"GitHub's answer with the history of {Name(chunk[0])} holds a value that cannot be read: {error.Message}");
            }
        }
        else if (answer.AskLess && chunk.Length > 1)
        {
            await ReadChunkAsync(chunk[..(chunk.Length / 2)], withMessages, pageSize, cancellationToken).ConfigureAwait(false);
            if (!session.IsStopped) await ReadChunkAsync(chunk[(chunk.Length / 2)..], withMessages, pageSize, cancellationToken).ConfigureAwait(false);
        }
        else if (answer.AskLess && withMessages)
        {
            // One commit with a message of many megabytes must not keep the line from being known at all.
            session.Harvest.Diagnostics.Add($"the history of {Name(chunk[0])} was read without the commits' messages, which are too large: what they say of reverts and cherry-picks is not known");
            await ReadChunkAsync(chunk, withMessages: false, pageSize, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Read(LineGap[] chunk, GraphQlAnswer answer)
    {
        int repositoryIndex = 0, line = 0;
        foreach (var group in chunk.GroupBy(static l => l.Repository, StringComparer.Ordinal))
        {
            string repositoryAlias = $"r{repositoryIndex++}";
            var repository = answer.Data.Field(repositoryAlias);
            if (!repository.IsObject())
            {
                line += group.Count();
                session.BlindFor(group.Key, answer.Errors!.At(repositoryAlias)?.Type ?? "no answer");
                continue;
            }
            string? defaultBranch = repository.Field("defaultBranchRef").Text("name");
            foreach (var gap in group)
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"l{line}"), page = string.Create(CultureInfo.InvariantCulture, $"h{line}");
                line++;
                string about = Name(gap);
                if ((answer.Errors!.At(repositoryAlias, place) ?? answer.Errors.At(repositoryAlias, page) ?? answer.Errors.Anywhere) is { } error) session.Note(about, error);
                var target = repository.Field(place).Field("target");
                string? head = target.Text("oid");
                if (head is not null && KeyText.IsCommit(head)) See(gap.Repository, gap.Branch, head = head.ToLowerInvariant(), answer.AsOf);
                else head = null;
                string? from = gap.From ?? head;
                // This page is also the newest one.
                _asked.Add(gap with { From = from });
                int found = from is null ? 0 : GraphQlHistory.Read(gap, gap.Branch == defaultBranch, from, gap.From is null ? target : repository.Field(page), session.Settings, session.Harvest);
                if (head is null && gap.Branch.Length > 0) session.Harvest.Diagnostics.Add($"{about}: there is no such branch (any more)");
                // A webhook can announce a commit that the API does not show yet, and one that was pushed away is gone some day.
                if (from is not null && found == 0) session.Harvest.Diagnostics.Add($"{about}: GitHub does not show {from} with its history (yet)");
            }
        }
    }

    private static string Name(LineGap gap) => gap.Branch.Length > 0 ? $"{gap.Branch} of {gap.Repository}" : $"{gap.From} of {gap.Repository}";
}
