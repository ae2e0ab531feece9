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
        WebhookDelivery[] deliveries = [.. ConvergenceTests.Story(_gitlab).Select(static step => Given.Delivery(step()))];
        return new AdapterExample
        {
            Create = handler => GitLabAdapter.Create(Given.Options(o => (o.BaseAddress, o.Token) = (_gitlab.Address, FakeGitLab.Token)), new HttpClient(handler), _gitlab.Clock),
            Deliveries = deliveries,
            SignsBody = false,
            Record = static traffic => traffic.Otherwise = SourceClient.CreateHandler(),
            Look = new ProbeBatch { Source = GitLabAdapter.Name, SweepSince = Given.Start.AddHours(-1), At = _gitlab.Clock.GetUtcNow() },
            Secrets = [FakeGitLab.Token, FakeGitLab.WebhookToken],
        };
    }
}
