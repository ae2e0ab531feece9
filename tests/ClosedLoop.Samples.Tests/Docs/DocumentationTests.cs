using System.Text;
using System.Text.RegularExpressions;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The documentation's code compiles, its links lead somewhere, and its adapter works.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = DocsRoot.Path;

    // Where the code of the documentation stands: the pages' own code, and a sample.
    private static readonly string[] CodeFolders = ["tests/ClosedLoop.Samples.Tests/Docs", "samples/CustomAdapter"];

    public static TheoryData<string> Pages => new(Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
        .Select(static p => Path.GetRelativePath(Root, p).Replace('\\', '/'))
        .Where(static p => !p.StartsWith("artifacts/", StringComparison.Ordinal) && !p.Contains("node_modules", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_in_the_documentation_is_code_that_compiles(string page)
    {
        string compiled = Normalize(string.Concat(CodeFolders.SelectMany(static f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.cs")).Select(File.ReadAllText)));
        foreach (Match block in CSharp().Matches(File.ReadAllText(Path.Combine(Root, page))))
            Assert.True(compiled.Contains(Normalize(block.Groups[1].Value), StringComparison.Ordinal), $"{page}: this code is not in {string.Join(" or ", CodeFolders)}:\n{block.Groups[1].Value}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_in_the_documentation_lead_to_files(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Root, page))))
        {
            string target = link.Groups[1].Value.Split('#')[0];
            if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
            Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}, which is not there.");
        }
    }

    [Fact]
    public async Task The_adapter_of_the_documentation_passes_its_gate()
    {
        var services = new ServiceCollection();
        Snippets.Concepts(services);
        services.AddClosedLoop(loop => Snippets.Adapters(loop, "a-long-enough-token"));
        await using var provider = services.BuildServiceProvider();
        var loop = provider.GetRequiredService<IClosedLoop>();
        var scm = loop.As(new Writer(WriterRoles.SourceControl, "github"));
        string sha = new('a', 40);
        await loop.OpenAsync(new WorkItem("BL-1"));
        await scm.RecordFactsAsync([new Fact { Subject = Key.Commit("acme/web", sha), Kind = FactKinds.Landing, Writer = scm.Writer, Ordinal = default, OccurredAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Links = [Key.Item("BL-1")] }]);

        byte[] body = Encoding.UTF8.GetBytes($$"""{"id":"s1","run":1,"attempt":1,"finishedAt":"2026-01-01T00:00:00Z","verdict":"clean","repository":"acme/web","commit":"{{sha}}"}""");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Scanner-Token"] = "a-long-enough-token" };
        var delivery = new WebhookDelivery { Source = "scanner", Headers = headers, Body = body, ReceivedAt = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero) };
        Assert.Equal(WebhookOutcome.Accepted, (await provider.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery)).Outcome);

        Assert.Equal(GateStatus.Passed, (await loop.GetStatusAsync("BL-1"))!.State.Gate("security-scan")!.Status);
    }

    [Fact]
    public async Task The_set_up_of_the_coverage_page_is_taken_and_what_landed_before_its_baseline_is_not_stuck()
    {
        var services = new ServiceCollection();
        CoverageSnippets.Pipeline(services);
        await using var provider = services.BuildServiceProvider();
        var loop = provider.GetRequiredService<IClosedLoop>();
        var scm = loop.As(new Writer(WriterRoles.SourceControl, "github"));
        var landedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string sha = new('a', 40);
        await CoverageSnippets.Baseline(provider, History(new CommitNode("acme/web", sha, [])), sha, sha);
        await loop.OpenAsync(new WorkItem("BL-1"));
        await scm.RecordFactsAsync(
        [
            new Fact { Subject = Key.PullRequest("acme/web", 1), Kind = Gates.Merged, Writer = scm.Writer, Ordinal = default, OccurredAt = landedAt, Status = GateStatus.Passed, Links = [Key.Item("BL-1")] },
            new Fact { Subject = Key.Commit("acme/web", sha), Kind = FactKinds.Landing, Writer = scm.Writer, Ordinal = default, OccurredAt = landedAt, Revision = sha, Links = [Key.PullRequest("acme/web", 1)] },
        ]);
        var rollout = CoverageSnippets.Rollout(landedAt, "sha256:" + new string('b', 64));
        await loop.As(rollout.Writer).RecordFactsAsync([rollout]);

        var state = (await loop.GetStatusAsync("BL-1"))!.State;
        foreach (string gate in new[] { Gates.MainCi, "licence-scan", Gates.RolledOut, "probe-from-outside" })
            Assert.Equal((GateStatus.NotApplicable, Reason.Baseline), (state.Gate(gate)!.Status, state.Gate(gate)!.Reason));
    }

    private static async IAsyncEnumerable<IReadOnlyList<CommitNode>> History(params CommitNode[] page)
    {
        await Task.CompletedTask;
        yield return page;
    }

    private static string Normalize(string code) => string.Join('\n', code.Split('\n').Select(static l => l.Trim()).Where(static l => l.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Link();
}
