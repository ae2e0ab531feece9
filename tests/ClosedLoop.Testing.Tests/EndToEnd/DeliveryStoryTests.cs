using System.Text;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>One change on its way through the whole service, with a restart in the middle.</summary>
public sealed class DeliveryStoryTests
{
    [Fact]
    public async Task An_item_goes_from_opened_to_done_over_http_and_across_a_restart()
    {
        const string Id = "BL-42";
        string landing = Payload.Sha(42);
        byte[] merge = Encoding.UTF8.GetBytes(Payload.Merged(7, Id, 60, landing).ToJsonString());
        using var database = TempDatabase.Create();
        string beforeRestart;
        await using (var host = await StackHost.StartAsync(database.Path, static o => o.Repositories.Add("acme/web")))
        {
            (await host.ApiAsync(HttpMethod.Post, "items", Payload.Open(Id), writer: null)).IsProblem(401, "unauthorized");
            var opened = await host.ApiAsync(HttpMethod.Post, "items", Payload.Open(Id));
            Assert.True(opened.Status == 201, opened.ToString());
            await ShowsAsync(host, "", Gates.PrOpened);

            // An agent's word is no proof of what other systems do.
            foreach (string gate in (string[])[Gates.Merged, Gates.MainCi])
            {
                string refusal = (await host.ApiAsync(HttpMethod.Post, $"items/{Id}/facts", Payload.Record(gate))).IsProblem(403, "refused");
                Assert.Contains(gate, refusal, StringComparison.Ordinal);
            }
            await ShowsAsync(host, "", Gates.PrOpened);
            Assert.Equal(2, (await host.QuarantineAsync()).Count(static e => e.GetProperty("kind").GetString() == "refused"));

            (await host.GitHubAsync("pull_request", Payload.PullRequest("opened", 7, Id, 5), "d-1")).IsTaken();
            await ShowsAsync(host, "pr-opened", Gates.Merged, "reviewed");

            (await host.GitHubAsync("pull_request_review", Payload.Review(7, "changes_requested", 20), "d-2")).IsTaken();
            await ShowsAsync(host, "pr-opened", Gates.Merged, "requested changes");

            (await host.GitHubAsync("pull_request_review", Payload.Review(7, "approved", 30), "d-3")).IsTaken();
            await ShowsAsync(host, "pr-opened reviewed", Gates.Merged, "merged");

            // CI of the target branch is faster than the delivery of the merge.
            (await host.JenkinsAsync(Payload.JenkinsBuild(1, "STARTED", null, landing, 70))).IsTaken();
            await ShowsAsync(host, "pr-opened reviewed", Gates.Merged, "merged");
            (await host.GitHubAsync("pull_request", merge, "d-4")).IsTaken();
            var item = await ShowsAsync(host, "pr-opened reviewed merged", Gates.MainCi, "web-main #1 is running");
            Assert.Equal("running", item.Status(Gates.MainCi));

            (await host.JenkinsAsync(Payload.JenkinsBuild(1, "COMPLETED", "FAILURE", landing, 130))).IsTaken();
            item = await ShowsAsync(host, "pr-opened reviewed merged", Gates.MainCi, "web-main #1 failed");
            Assert.Equal("failed", item.Status(Gates.MainCi));
            beforeRestart = Gatewise(item);
        }

        await using (var host = await StackHost.StartAsync(database.Path, static o => o.Repositories.Add("acme/web")))
        {
            Assert.Equal(beforeRestart, Gatewise(await host.ItemAsync(Id)));
            (await host.GitHubAsync("pull_request", merge, "d-4")).IsTaken("duplicate", 200);
            Assert.Equal(beforeRestart, Gatewise(await host.ItemAsync(Id)));

            (await host.JenkinsAsync(Payload.JenkinsBuild(2, "COMPLETED", "SUCCESS", landing, 300))).IsTaken();
            // A late notification of the red build takes nothing back.
            (await host.JenkinsAsync(Payload.JenkinsBuild(1, "FINALIZED", "FAILURE", landing, 131))).IsTaken();
            var item = await host.ItemAsync(Id);
            Assert.Equal("pr-opened reviewed merged main-ci", item.Passed);
            Assert.True(item.IsDone, item.Why);
            Assert.StartsWith("done", item.Why, StringComparison.Ordinal);
            Assert.Equal("B", item.Json.GetProperty("doneDefinition").GetString()![..1]);
            Assert.Equal("ci:jenkins", item.Gate(Gates.MainCi).GetProperty("writer").GetString());
            Assert.EndsWith("/job/web-main/2/", item.Gate(Gates.MainCi).GetProperty("evidence").GetProperty("url").GetString(), StringComparison.Ordinal);
            Assert.Equal("builder-7", item.Json.GetProperty("provenance").GetProperty("agent").GetString());

            var log = (await host.ReadAsync($"items/{Id}/transitions")).GetProperty("transitions").EnumerateArray().ToList();
            Assert.Equal(
                ["running", "failed", "passed"],
                log.Where(static t => t.TryGetProperty("gate", out var g) && g.GetString() == Gates.MainCi).Select(static t => t.GetProperty("to").GetString()!).Where(static to => to != "waiting").ToArray());
            Assert.Equal(1, (await host.ReadAsync("board")).GetProperty("pipelines")[0].GetProperty("done").GetInt32());
            Assert.DoesNotContain(host.Log.Lines, static l => l.StartsWith("Error", StringComparison.Ordinal));

            // Main turns red again: what was done is no longer, and says so.
            (await host.JenkinsAsync(Payload.JenkinsBuild(3, "COMPLETED", "FAILURE", landing, 600))).IsTaken();
            Assert.False((await host.ItemAsync(Id)).IsDone);
            (await host.JenkinsAsync(Payload.JenkinsBuild(4, "COMPLETED", "SUCCESS", landing, 900))).IsTaken();
            Assert.True((await host.ItemAsync(Id)).IsDone);
        }
    }

    private static async Task<ItemReply> ShowsAsync(StackHost host, string passed, string waitingOn, string why = "")
    {
        var item = await host.ItemAsync("BL-42");
        Assert.Equal(passed, item.Passed);
        Assert.False(item.IsDone, item.Why);
        Assert.Contains(why, item.Why, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(item.Why));
        Assert.True(waitingOn is Gates.PrOpened || item.Json.GetProperty("waitingOn").GetString() == waitingOn, item.ToString());
        return item;
    }

    // What a reader sees of the gates, without when the next look is.
    private static string Gatewise(ItemReply item) => item.Json.GetProperty("gates").GetRawText();
}
