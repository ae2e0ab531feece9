using System.Globalization;
using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

/// <summary>Random histories with merges, octopus merges, several roots and contradicting clocks, judged by git itself.</summary>
public sealed class GitHistoryPropertyTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_random_history_is_read_as_git_reads_it(int seed)
    {
        using var clone = new TestClone();
        Import(clone, new Random(seed));

        var history = await GitHistoryReader.ReadAsync(clone.Path);

        Assert.Equal(clone.FirstParents(), history.Landings.Select(static l => l.Sha));
        Assert.Equal(int.Parse(clone.Git("rev-list", "--count", "HEAD"), CultureInfo.InvariantCulture), history.CommitCount);
        // Each commit is a landing or was brought in by exactly one.
        Assert.Equal(history.CommitCount, history.Landings.Sum(static l => l.Kind == GitLandingKind.Merge ? l.CommitCount + 1 : 1));
        foreach (var landing in history.Landings)
        {
            if (landing.Kind != GitLandingKind.Merge)
            {
                Assert.Equal(long.Parse(clone.Git("log", "-1", "--format=%at", landing.Sha), CultureInfo.InvariantCulture), landing.AuthoredAt.ToUnixTimeSeconds());
                continue;
            }
            // What is reachable from a merge and not from the landing before it, is what the merge brought in, and the merge itself.
            string[] brought = clone.Lines("log", "--format=%H %at", $"{landing.Sha}^1..{landing.Sha}");
            long[] authored = [.. brought.Where(l => !l.StartsWith(landing.Sha, StringComparison.Ordinal)).Select(static l => long.Parse(l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture))];
            Assert.Equal(authored.Length, landing.CommitCount);
            if (authored.Length > 0) Assert.Equal(authored.Min(), landing.AuthoredAt.ToUnixTimeSeconds());
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 12)];

    // fast-import makes a whole history in one process.
    private static void Import(TestClone clone, Random random)
    {
        int commits = random.Next(1, 40);
        var stream = new StringBuilder();
        for (int i = 1; i <= commits; i++)
        {
            long committed = TestClone.Start.AddMinutes((i * 30) + random.Next(-200, 200)).ToUnixTimeSeconds(), authored = committed - random.Next(-3000, 100_000);
            var parents = new SortedSet<int>(Comparer<int>.Create(static (a, b) => b.CompareTo(a)));
            if (i > 1 && random.Next(20) != 0)
            {
                parents.Add(random.Next(Math.Max(1, i - 4), i));
                for (int more = random.Next(6) switch { 0 => 2, 1 or 2 => 1, _ => 0 }; more > 0; more--) parents.Add(random.Next(Math.Max(1, i - 8), i));
            }
            stream.Append(CultureInfo.InvariantCulture, $"commit refs/heads/c{i}\nmark :{i}\nauthor Dev <dev@example.com> {authored} +0000\ncommitter Dev <dev@example.com> {committed} +0000\ndata 3\nc{i % 10}\n\n");
            int[] order = [.. parents];
            random.Shuffle(order);
            for (int p = 0; p < order.Length; p++) stream.Append(CultureInfo.InvariantCulture, $"{(p == 0 ? "from" : "merge")} :{order[p]}\n");
            stream.Append('\n');
        }
        stream.Append(CultureInfo.InvariantCulture, $"reset refs/heads/main\nfrom :{commits}\n\n");
        clone.Git(["fast-import", "--quiet", "--force"], TestClone.Stamp(0), TestClone.Stamp(0), Encoding.ASCII.GetBytes(stream.ToString()));
    }
}
