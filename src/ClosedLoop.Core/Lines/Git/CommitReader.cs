using System.Globalization;
using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads commits with their messages.</summary>
internal sealed class CommitReader(GitRepository repository)
{
    // A message cannot hold a NUL, so nothing in it can be taken for a field.
    private const string Format = "--format=%H %P%x00%ct%x00%s%x00%B";
    private const int Fields = 4;

    /// <summary>Commits, newest first.</summary>
    /// <param name="count">The most to read.</param>
    /// <param name="firstParent">Only along first parents.</param>
    /// <param name="revisions">Whole commit ids, with <c>^</c> before those whose history is left out.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<List<LineCommit>> ReadAsync(int count, bool firstParent, IEnumerable<string> revisions, CancellationToken cancellationToken)
    {
        string[] ids = [.. revisions];
        if (!ids.All(id => repository.IsId(id.TrimStart('^')))) throw new ArgumentException("Only whole commit ids are read.", nameof(revisions));
        var answer = await repository.Git.ReadAsync(
            new GitCall([
                "log", "-z", Format, "--encoding=UTF-8", "--no-show-signature", "--no-color", "--no-decorate", "--no-notes", "--no-patch", "--no-mailmap",
                string.Create(CultureInfo.InvariantCulture, $"--max-count={count}"), firstParent ? "--first-parent" : "--topo-order", "--stdin"])
            {
                Input = GitInput.Lines(ids),
            },
            cancellationToken).ConfigureAwait(false);
        return Parse(answer.Output.Span);
    }

    private List<LineCommit> Parse(ReadOnlySpan<byte> output)
    {
        var commits = new List<LineCommit>();
        Span<Range> fields = stackalloc Range[Fields];
        while (!output.IsEmpty)
        {
            int at = 0;
            for (int i = 0; i < Fields; i++)
            {
                int end = output[at..].IndexOf((byte)0);
                if (end < 0) throw new GitHistoryException("git log ended in the middle of a commit; check the clone with 'git fsck', or clone it again.");
                fields[i] = at..(at + end);
                at += end + 1;
            }
            commits.Add(Commit(output[fields[0]], output[fields[1]], output[fields[2]], output[fields[3]]));
            output = output[at..];
        }
        return commits;
    }

    private LineCommit Commit(ReadOnlySpan<byte> ids, ReadOnlySpan<byte> time, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> message)
    {
        string[] names = Encoding.ASCII.GetString(ids).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !names.All(repository.IsId)) throw new GitHistoryException("git log printed something that is no commit; is the configured program really git?");
        long number = PullRequestMention.Find(subject, isMerge: names.Length > 2);
        return new LineCommit
        {
            Sha = names[0],
            Parents = [.. names.AsSpan(1)],
            CommittedAt = CommitTime.Parse(Encoding.ASCII.GetString(time)),
            PullRequest = number > 0 ? number : null,
            Claims = CommitClaims.Parse(Encoding.UTF8.GetString(message)),
        };
    }
}
