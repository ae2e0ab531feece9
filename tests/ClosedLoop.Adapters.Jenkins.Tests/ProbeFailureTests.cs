using ClosedLoop.Facts;
using ClosedLoop.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class ProbeFailureTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Given.Start + TimeSpan.FromHours(1);

    private readonly ManualTimeProvider _time = new(Now);
    private FakeJenkins _jenkins = null!;

    public async Task InitializeAsync() => _jenkins = await FakeJenkins.StartAsync();

    public async Task DisposeAsync() => await _jenkins.DisposeAsync();

    [Theory]
    [InlineData(401, "Jenkins:ApiToken")]
    [InlineData(403, "Jenkins:ApiToken")]
    [InlineData(404, "Jenkins:Jobs:0:Path")]
    [InlineData(301, "Jenkins:BaseAddress")]
    [InlineData(302, "Jenkins:BaseAddress")]
    [InlineData(418, "Jenkins:BaseAddress")]
    [InlineData(500, "HTTP 500")]
    [InlineData(502, "HTTP 502")]
    public async Task A_refusal_makes_the_gate_blind_and_names_what_to_look_at(int status, string named)
    {
        _jenkins.Instead = context =>
        {
            context.Response.StatusCode = status;
            if (status < 400) context.Response.Headers.Location = "/jenkins/elsewhere";
            return Task.FromResult(true);
        };
        var result = await SweepAsync(_jenkins.Adapter(_time, static o => { o.UserName = "closedloop"; o.ApiToken = "s3cret-of-jenkins"; }));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.Contains(named, result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Detail, StringComparison.Ordinal);
        Assert.Single(_jenkins.Requests);
    }

    [Fact]
    public async Task Jenkins_getting_ready_to_work_is_looked_at_again_when_it_says()
    {
        _jenkins.Instead = async context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "text/html;charset=utf-8";
            context.Response.Headers.RetryAfter = "90";
            await context.Response.WriteAsync("<html><body>Please wait while Jenkins is getting ready to work</body></html>");
            return true;
        };
        var result = await SweepAsync(_jenkins.Adapter(_time));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("HTTP 503", result.Detail, StringComparison.Ordinal);
        Assert.Equal(Now + TimeSpan.FromSeconds(90), result.RetryAt);
    }

    [Theory]
    [InlineData("600", 600)]
    [InlineData("999999999", 3600)]
    [InlineData("Mon, 02 Mar 2026 10:10:00 GMT", 600)]
    [InlineData("soon", 60)]
    public async Task A_rate_limit_is_told_apart_and_its_wait_is_capped(string retryAfter, int? seconds)
    {
        _jenkins.Instead = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        var result = await SweepAsync(_jenkins.Adapter(_time));
        Assert.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Assert.Equal(seconds, (int?)(result.RetryAt - Now)?.TotalSeconds);
    }

    [Theory]
    [InlineData("text/html", "<html>Sign in</html>", "login page")]
    [InlineData("application/json", "<html>Sign in</html>", "not JSON")]
    [InlineData("application/json", "", "not JSON")]
    [InlineData("application/json", "{\"builds\":[", "not JSON")]
    public async Task An_answer_that_is_not_json_is_no_evidence(string type, string body, string said)
    {
        _jenkins.Instead = async context =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
            return true;
        };
        var result = await SweepAsync(_jenkins.Adapter(_time));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains(said, result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"builds\":{}}")]
    [InlineData("{\"builds\":[null,{},[],7,{\"number\":-1},{\"number\":\"1\"}]}")]
    [InlineData("{\"builds\":[{\"number\":7,\"result\":\"SUCCESS\",\"timestamp\":1772442000000,\"duration\":1}]}")]
    [InlineData("{\"builds\":[{\"number\":1,\"building\":false,\"result\":7,\"actions\":{},\"changeSets\":{\"items\":[]},\"changeSet\":[],\"timestamp\":\"x\"}]}")]
    public async Task Json_of_another_shape_never_throws_and_never_passes(string body)
    {
        _jenkins.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
            return true;
        };
        Assert.DoesNotContain((await SweepAsync(_jenkins.Adapter(_time))).Facts, static f => f.Status == GateStatus.Passed);
    }

    [Fact]
    public async Task A_folder_in_place_of_a_job_is_a_mistake_in_the_options()
    {
        _jenkins.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"_class\":\"org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject\"}");
            return true;
        };
        var result = await SweepAsync(_jenkins.Adapter(_time));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Jenkins:Jobs:0:Path", result.Detail, StringComparison.Ordinal);
        Assert.Contains("web-main/main", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_above_the_limit_is_not_read_to_its_end(bool declared)
    {
        _jenkins.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            byte[] chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            if (declared) context.Response.ContentLength = 1L << 40;
            for (int i = 0; !context.RequestAborted.IsCancellationRequested && i < 1 << 14; i++) await context.Response.Body.WriteAsync(chunk);
            return true;
        };
        var result = await SweepAsync(_jenkins.Adapter(_time));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("more than 5 MB", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_answer_is_given_up_after_the_time_limit(bool startsToAnswer)
    {
        var asked = new TaskCompletionSource();
        _jenkins.Instead = async context =>
        {
            if (startsToAnswer)
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
            }
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        var probe = SweepAsync(_jenkins.Adapter(_time, static o => o.RequestTimeout = TimeSpan.FromSeconds(20)));
        await asked.Task;
        Assert.False(probe.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(20));
        var result = await probe;
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("within 20 s", result.Detail, StringComparison.Ordinal);
        Assert.Contains("Jenkins:RequestTimeout", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_is_not_an_answer()
    {
        using var stop = new CancellationTokenSource();
        _jenkins.Instead = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await SweepAsync(_jenkins.Adapter(_time), stop.Token));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_unreachable()
    {
        var adapter = _jenkins.Adapter(_time);
        await _jenkins.DisposeAsync();
        var result = await SweepAsync(adapter);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Jenkins:BaseAddress", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_that_the_given_client_followed_is_not_believed()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS")];
        _jenkins.Jobs["job/elsewhere"] = [Given.Build(10, "SUCCESS")];
        _jenkins.Instead = context =>
        {
            if (!context.Request.Path.StartsWithSegments("/jenkins/job/web-main", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Redirect("/jenkins/job/elsewhere/api/json" + context.Request.QueryString);
            return Task.FromResult(true);
        };
        using var follows = new HttpClient();
        var result = await SweepAsync(JenkinsAdapter.Create(Given.Options(o => o.BaseAddress = _jenkins.Address), follows, _time));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Empty(result.Facts);
    }

    [Fact]
    public async Task One_missing_job_does_not_hide_the_others_builds()
    {
        _jenkins.Jobs["job/api-main"] = [Given.Build(10, "SUCCESS", remote: "https://git.acme.example/acme/api")];
        var adapter = _jenkins.Adapter(_time, static o => o.Jobs.Add(new JenkinsJob { Path = "api-main", Repository = "acme/api" }));
        var result = await adapter.Probe!.ProbeAsync(
            new ProbeBatch { Source = "jenkins", SweepSince = Given.Start, Keys = [Key.Build("https://ci.acme.example/job/web-main/3")], At = Now },
            default);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("'web-main'", result.Detail, StringComparison.Ordinal);
        Assert.Equal("commit:acme/api@" + Given.Sha('a'), Assert.Single(Assert.Single(result.Facts).Links).ToString());
        Assert.Equal(2, _jenkins.Requests.Count);
    }

    [Fact]
    public async Task Facts_that_were_read_before_the_failure_are_kept()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS")];
        var adapter = _jenkins.Adapter(_time, static o => o.Jobs.Add(new JenkinsJob { Path = "api-main", Repository = "acme/api" }));
        _jenkins.Instead = context =>
        {
            if (_jenkins.Requests.Count < 2) return Task.FromResult(false);
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        var result = await SweepAsync(adapter);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Equal(GateStatus.Passed, result.State(10).Status);
    }

    private static ValueTask<ProbeResult> SweepAsync(AdapterRegistration adapter, CancellationToken cancellationToken = default) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start - TimeSpan.FromMinutes(5), At = Now }, cancellationToken);
}
