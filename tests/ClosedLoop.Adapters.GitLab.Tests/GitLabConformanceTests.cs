using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class GitLabConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output), IAsyncLifetime
{
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    protected override AdapterExample Example()
    {
        WebhookDelivery[] deliveries = [.. ConvergenceTests.Story(_gitlab).Select(static step => Given.Delivery(step())), Given.Delivery(_gitlab.Open(5, 15)), Given.Delivery(_gitlab.Board(5, "fresh", 70, "running"))];
        return new AdapterExample
        {
            Create = handler => GitLabAdapter.Create(Given.Options(o => (o.BaseAddress, o.Token, o.FollowMergeTrains) = (_gitlab.Address, FakeGitLab.Token, true)), new HttpClient(handler), _gitlab.Clock),
            Deliveries = deliveries,
            SignsBody = false,
            Record = static traffic => traffic.Otherwise = SourceClient.CreateHandler(),
            Look = new ProbeBatch { Source = GitLabAdapter.Name, SweepSince = Given.Start.AddHours(-1), At = _gitlab.Clock.GetUtcNow() },
            Secrets = [FakeGitLab.Token, FakeGitLab.WebhookToken],
        };
    }
}
