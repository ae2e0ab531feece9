using System.Security.Cryptography;
using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class GiteaConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output), IAsyncLifetime
{
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    protected override AdapterExample Example()
    {
        WebhookDelivery[] deliveries = [.. ConvergenceTests.Story(_gitea).Select(static (step, i) => Given.Delivery(step(), id: $"f6266f16-1bf3-46a5-9ea4-6020000000{i:00}"))];
        return new AdapterExample
        {
            Create = handler => GiteaAdapter.Create(Given.Options(o => (o.BaseAddress, o.Token) = (_gitea.Address, FakeGitea.Token)), new HttpClient(handler), _gitea.Clock),
            Deliveries = deliveries,
            Sign = static d => Given.Delivery(d.Body.ToArray(), d.Header("X-Gitea-Event")!, id: Convert.ToHexStringLower(SHA256.HashData(d.Body.Span))),
            Record = static traffic => traffic.Otherwise = SourceClient.CreateHandler(),
            Look = new ProbeBatch { Source = GiteaAdapter.Name, SweepSince = Given.Start.AddHours(-1), At = _gitea.Clock.GetUtcNow() },
            Secrets = [FakeGitea.Token, FakeGitea.Secret],
        };
    }
}
