using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class ProbeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Given.Start + TimeSpan.FromHours(1);

    private FakeJenkins _jenkins = null!;

    public async Task InitializeAsync() => _jenkins = await FakeJenkins.StartAsync();

    public async Task DisposeAsync() => await _jenkins.DisposeAsync();

    [Fact]
    public async Task A_sweep_finds_finished_and_running_builds_with_the_commit_that_they_built()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(12, null, 'd', "d"), Given.Build(11, "SUCCESS", 'c', "bc"), Given.Build(10, "FAILURE", 'a', "a")];
        var result = await SweepAsync(_jenkins.Adapter());

        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        var green = result.State(11);
        Assert.Equal("build:https://ci.acme.example/job/web-main/11", green.Subject.ToString());
        Assert.Equal(GateStatus.Passed, green.Status);
        Assert.Equal(new Ordinal(11, 1, 4), green.Ordinal);
        Assert.Equal(Given.Start + Given.Took, green.OccurredAt);
        Assert.Equal(Given.Sha('c'), green.Revision);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('c'))], green.Links);
        Assert.Equal("acme/web", green.Attribute(FactAttributes.Repository));
        Assert.Equal(GateStatus.Failed, result.State(10).Status);
        Assert.Equal(GateStatus.Running, result.State(12).Status);
        Assert.Equal(Given.Start, result.State(12).OccurredAt);
    }

    [Fact]
    public async Task The_request_names_its_fields_and_never_a_depth()
    {
        _jenkins.Jobs["job/web-main"] = [];
        await SweepAsync(_jenkins.Adapter());
        string request = Uri.UnescapeDataString(Assert.Single(_jenkins.Requests));
        Assert.StartsWith("/jenkins/job/web-main/api/json?tree=builds[number,", request, StringComparison.Ordinal);
        Assert.Contains("]{0,100},queueItem[id,why,", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_token_is_sent_and_anonymous_reading_sends_nothing()
    {
        _jenkins.Jobs["job/web-main"] = [];
        await SweepAsync(_jenkins.Adapter(change: static o => { o.UserName = "closedloop"; o.ApiToken = "s3cret"; }));
        await SweepAsync(_jenkins.Adapter());
        Assert.Equal(["Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("closedloop:s3cret")), null], _jenkins.Credentials);
    }

    [Theory]
    [InlineData("SUCCESS", GateStatus.Passed, Reason.None)]
    [InlineData("FAILURE", GateStatus.Failed, Reason.None)]
    [InlineData("UNSTABLE", GateStatus.Failed, Reason.None)]
    [InlineData("ABORTED", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("NOT_BUILT", GateStatus.Waiting, Reason.Cancelled)]
    [InlineData("SPLENDID", GateStatus.Waiting, Reason.Unrecognized)]
    public async Task Each_result_has_its_status(string jenkins, GateStatus status, Reason reason)
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, jenkins)];
        var result = await SweepAsync(_jenkins.Adapter());
        Assert.Equal((status, reason), (result.State(10).Status, result.State(10).Reason));
        Assert.Equal(reason == Reason.Unrecognized, result.Diagnostics.Length == 1);
    }

    [Fact]
    public async Task A_result_that_is_there_before_the_build_ends_is_not_a_verdict()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(11, "SUCCESS", building: true), Given.Build(10, null, building: false)];
        var result = await SweepAsync(_jenkins.Adapter());
        Assert.Equal(GateStatus.Running, result.State(11).Status);
        Assert.Equal(GateStatus.Running, result.State(10).Status);
    }

    [Fact]
    public async Task A_freestyle_build_has_one_change_set_and_counts_as_well()
    {
        var build = Given.Build(10, "SUCCESS", 'b');
        build.Remove("changeSets");
        build["changeSet"] = new JsonObject { ["kind"] = "git", ["items"] = new JsonArray(new JsonObject { ["commitId"] = Given.Sha('a') }, new JsonObject { ["commitId"] = Given.Sha('b') }) };
        _jenkins.Jobs["job/web-main"] = [build];
        // It is read for the commits of its change log, and is about the one that it built.
        var fact = (await KeysAsync(_jenkins.Adapter(), Key.Commit("acme/web", Given.Sha('a')))).State(10);
        Assert.Equal(Given.Sha('b'), fact.Revision);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('b'))], fact.Links);
    }

    [Fact]
    public async Task Without_git_data_on_the_build_its_change_sets_speak()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS", revision: null, "a")];
        var fact = (await SweepAsync(_jenkins.Adapter())).State(10);
        Assert.Equal(Key.Commit("acme/web", Given.Sha('a')), Assert.Single(fact.Links));
        Assert.Equal(Given.Sha('a'), fact.Revision);
        // Of several, nothing says which one was built.
        _jenkins.Jobs["job/web-main"] = [Given.Build(11, "SUCCESS", revision: null, "ab")];
        fact = (await SweepAsync(_jenkins.Adapter())).State(11);
        Assert.Empty(fact.Links);
        Assert.Null(fact.Revision);
    }

    [Fact]
    public async Task The_revision_of_a_shared_library_is_not_the_repositorys()
    {
        var both = Given.Build(11, "SUCCESS", 'e', remote: "https://git.acme.example/acme/ci-library.git");
        ((JsonArray)both["actions"]!).Add(Given.BuildData('a', "git@git.acme.example:Acme/Web.git"));
        var libraryOnly = Given.Build(10, "FAILURE", 'e', "e", remote: "https://git.acme.example/other/acme-web");
        _jenkins.Jobs["job/web-main"] = [both, libraryOnly];
        var result = await SweepAsync(_jenkins.Adapter());
        Assert.Equal(Given.Sha('a'), result.State(11).Revision);
        Assert.Equal(Key.Commit("acme/web", Given.Sha('a')), Assert.Single(result.State(11).Links));
        Assert.Empty(result.State(10).Links);
    }

    [Fact]
    public async Task A_second_checkout_of_an_old_tag_does_not_tie_the_build_to_that_old_commit()
    {
        var build = Given.Build(11, "FAILURE", 'e', "b", branch: "detached");
        ((JsonArray)build["actions"]!).Add(Given.BuildData('b'));
        _jenkins.Jobs["job/web-main"] = [build];
        var result = await SweepAsync(_jenkins.Adapter());
        Assert.Equal(Key.Commit("acme/web", Given.Sha('b')), Assert.Single(result.State(11).Links));
        Assert.Single(result.Diagnostics);
    }

    [Fact]
    public async Task Builds_of_another_branch_are_left_out_when_the_job_names_one()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(11, "FAILURE", 'b', branch: "refs/remotes/origin/release"), Given.Build(10, "SUCCESS")];
        var result = await SweepAsync(_jenkins.Adapter(change: static o => o.Jobs[0].Branch = "main"));
        Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts).Status);
    }

    [Fact]
    public async Task Folders_and_branches_are_asked_for_by_their_encoded_path()
    {
        _jenkins.Jobs["job/acme/job/web/job/release%252F1.0"] = [Given.Build(10, "SUCCESS")];
        var adapter = _jenkins.Adapter(change: static o => o.Jobs[0].Path = "acme/web/release%2F1.0");
        var fact = (await SweepAsync(adapter)).State(10);
        Assert.Equal("acme/web/release%2F1.0", fact.Name);
        Assert.Equal("build:https://ci.acme.example/job/acme/job/web/job/release%252F1.0/10", fact.Subject.ToString());
        Assert.Equal(fact, (await KeysAsync(adapter, fact.Subject)).State(10));
    }

    [Fact]
    public async Task A_build_is_read_by_its_key_at_the_base_address_and_nowhere_else()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS")];
        var result = await KeysAsync(
            _jenkins.Adapter(),
            Key.Build("https://ci.acme.example/job/web-main/10"),
            Key.Build("https://evil.example/job/web-main/10"),
            Key.Build("https://ci.acme.example/job/other/10"),
            Key.Build("https://ci.acme.example/job/web-main/10/console"),
            Key.Build("https://ci.acme.example/job/web-main/../../admin/10"),
            Key.Build("https://github.com/acme/web/actions/runs/7/job/9"),
            Key.Build("1234"));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts).Status);
        Assert.StartsWith("/jenkins/job/web-main/10/api/json?tree=number", Assert.Single(_jenkins.Requests), StringComparison.Ordinal);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task Several_builds_of_one_job_cost_one_request()
    {
        _jenkins.Jobs["job/web-main"] = [.. Enumerable.Range(1, 9).Reverse().Select(static n => Given.Build(n, "SUCCESS"))];
        var result = await KeysAsync(_jenkins.Adapter(), [.. Enumerable.Range(3, 5).Select(static n => Key.Build($"https://ci.acme.example/job/web-main/{n}"))]);
        Assert.Equal(5, result.Facts.Length);
        Assert.Single(_jenkins.Requests);
    }

    [Fact]
    public async Task A_commit_is_answered_by_every_build_of_its_repository_that_contains_it()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(12, "SUCCESS", 'c', "c"), Given.Build(11, "SUCCESS", 'b', "ab"), Given.Build(10, "ABORTED", 'a', "a")];
        var result = await KeysAsync(_jenkins.Adapter(), Key.Commit("acme/web", Given.Sha('a')), Key.Commit("acme/other", Given.Sha('c')));
        Assert.Equal([10L, 11L], result.Facts.Select(static f => f.Ordinal.Major).Order());
        Assert.Single(_jenkins.Requests);
        Assert.Empty((await KeysAsync(_jenkins.Adapter(), Key.Commit("acme/other", Given.Sha('c')))).Facts);
        Assert.Single(_jenkins.Requests);
    }

    [Fact]
    public async Task A_deleted_build_is_no_evidence_and_no_failure()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS")];
        var result = await KeysAsync(_jenkins.Adapter(), Key.Build("https://ci.acme.example/job/web-main/9"), Key.Build("https://ci.acme.example/job/web-main/10"));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal(10, Assert.Single(result.Facts).Ordinal.Major);
    }

    [Fact]
    public async Task A_build_that_has_been_running_for_days_is_still_swept()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(11, "SUCCESS", 'b'), Given.Build(10, null, 'a', start: Given.Start - TimeSpan.FromDays(9)), Given.Build(9, "SUCCESS", 'c', start: Given.Start - TimeSpan.FromDays(10))];
        var result = await SweepAsync(_jenkins.Adapter());
        Assert.Equal(GateStatus.Running, result.State(10).Status);
        Assert.DoesNotContain(result.Facts, static f => f.Ordinal.Major == 9);
    }

    [Fact]
    public async Task A_sweep_reads_on_until_it_has_reached_its_start()
    {
        _jenkins.Jobs["job/web-main"] = [.. Enumerable.Range(1, 250).Reverse().Select(static n => Given.Build(n, "SUCCESS", start: Given.Start + TimeSpan.FromSeconds(n)))];
        var result = await SweepAsync(_jenkins.Adapter(change: static o => o.MaxBuildsPerSweep = 1000));
        Assert.Equal(250, result.Facts.Length);
        Assert.Equal(["builds[", "allBuilds[", "allBuilds["], _jenkins.Requests.Select(static r => Uri.UnescapeDataString(r).Split("tree=")[1].Split("number")[0]));
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task A_sweep_that_cannot_reach_its_start_says_so()
    {
        _jenkins.Jobs["job/web-main"] = [.. Enumerable.Range(1, 250).Reverse().Select(static n => Given.Build(n, "SUCCESS"))];
        var result = await SweepAsync(_jenkins.Adapter(change: static o => o.MaxBuildsPerSweep = 150));
        Assert.Equal(150, result.Facts.Length);
        Assert.Contains("Jenkins:MaxBuildsPerSweep", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_has_reached_its_start_asks_no_further()
    {
        _jenkins.Jobs["job/web-main"] = [.. Enumerable.Range(1, 250).Reverse().Select(static n => Given.Build(n, "SUCCESS", start: Given.Start - TimeSpan.FromHours(250 - n)))];
        await SweepAsync(_jenkins.Adapter());
        Assert.Single(_jenkins.Requests);
    }

    [Fact]
    public async Task A_build_that_starts_between_two_pages_is_not_read_twice()
    {
        List<JsonObject> builds = [.. Enumerable.Range(1, 150).Reverse().Select(static n => Given.Build(n, "SUCCESS"))];
        _jenkins.Jobs["job/web-main"] = builds;
        _jenkins.Instead = _ =>
        {
            if (_jenkins.Requests.Count == 2) builds.Insert(0, Given.Build(151, null));
            return Task.FromResult(false);
        };
        Assert.Equal(150, (await SweepAsync(_jenkins.Adapter())).Facts.Length);
    }

    private ValueTask<ProbeResult> SweepAsync(AdapterRegistration adapter) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start - TimeSpan.FromMinutes(5), At = Now }, default);

    private static ValueTask<ProbeResult> KeysAsync(AdapterRegistration adapter, params Key[] keys) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", Keys = [.. keys], At = Now }, default);
}
