using System.Collections.Concurrent;
using ClosedLoop.Adapters.Kubernetes.Client;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using ClosedLoop.Adapters.Kubernetes.Watching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Watching;

/// <summary>Watching over a real socket: what is asked in which order, and that a change is read long before the next look.</summary>
public sealed class WatchTests
{
    private const string Path = "apis/apps/v1/namespaces/production/deployments";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_goes_on_from_the_last_version_and_lists_again_when_that_has_expired()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var watches = new ConcurrentQueue<string>();
        cluster.Instead = async context =>
        {
            if (!context.Request.Query.ContainsKey("watch")) return false;
            watches.Enqueue(context.Request.Query["resourceVersion"]!);
            Assert.Equal("1", context.Request.Query["watch"]);
            Assert.Equal("true", context.Request.Query["allowWatchBookmarks"]);
            switch (watches.Count)
            {
                case 1:
                    // One line in two parts, as networks cut them.
                    await context.Response.WriteAsync("""{"type":"ADDED","object":{"metadata":{"reso""");
                    await context.Response.Body.FlushAsync();
                    await context.Response.WriteAsync("""urceVersion":"1001"}}}""" + "\n" + """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1005"}}}""" + "\n");
                    return true;
                case 2:
                    await context.Response.WriteAsync("""{"type":"ERROR","object":{"code":410}}""" + "\n");
                    return true;
                case 3:
                    await FakeCluster.StatusAsync(context, 410, "Gone");
                    return true;
                default:
                    return false;
            }
        };
        var changes = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var running = new CollectionWatch(Client(cluster), Path, "part=shop", changes.Enqueue, TimeProvider.System, NullLogger.Instance).RunAsync(stop.Token);
        await UntilAsync(() => watches.Count >= 4);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["1000", "1005", "1000", "1000"], watches.Take(4));
        // The first list, the event, and the lists after both expiries; a bookmark is no change.
        Assert.Equal([$"{Path}@1000", $"{Path}@1001", $"{Path}@1000", $"{Path}@1000"], changes.Take(4));
        Assert.Equal(3, cluster.Requests.Count(static r => r.Contains("limit=1&labelSelector=part%3Dshop", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_refuses_is_asked_again_and_nothing_is_thrown()
    {
        await using var cluster = await FakeCluster.StartAsync();
        int refusals = 0;
        cluster.Instead = async context =>
        {
            if (!context.Request.Query.ContainsKey("watch") || refusals++ > 0) return false;
            await FakeCluster.StatusAsync(context, 403, "Forbidden");
            return true;
        };
        using var stop = new CancellationTokenSource();
        var running = new CollectionWatch(Client(cluster), Path, null, static _ => { }, TimeProvider.System, NullLogger.Instance).RunAsync(stop.Token);
        await UntilAsync(() => refusals >= 2);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task In_a_host_a_change_is_read_at_once_though_the_next_look_is_a_day_away()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Show(Given.Running('a'));
        var change = new TaskCompletionSource();
        cluster.Instead = async context =>
        {
            if (!context.Request.Query.ContainsKey("watch") || !context.Request.Path.Value!.EndsWith("/deployments", StringComparison.Ordinal)) return false;
            await context.Response.Body.FlushAsync();
            await change.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("""{"type":"MODIFIED","object":{"metadata":{"resourceVersion":"2001"}}}""" + "\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddClosedLoop(loop => loop.UseInMemory().AddKubernetes(o =>
        {
            o.Server = cluster.Address;
            o.Namespaces.Add(new KubernetesNamespace { Name = Given.Namespace });
            o.PollInterval = TimeSpan.FromDays(1);
        }));
        using var host = builder.Build();
        await host.StartAsync();
        // The sweeps of the start and of the first lists come to rest.
        int before = -1;
        await UntilAsync(() => Looks() > 0 && before == (before = Looks()), TimeSpan.FromSeconds(4));
        change.SetResult();
        await UntilAsync(() => Looks() > before);
        await host.StopAsync();

        int Looks() => cluster.Requests.Count(static r => r.Contains("/pods?", StringComparison.Ordinal));
    }

    private static KubernetesClient Client(FakeCluster cluster)
    {
        var access = new ClusterAccess { Server = cluster.Address };
        return new KubernetesClient(access, TimeSpan.FromSeconds(10), new HttpClient(access.CreateHandler()), TimeProvider.System);
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan? every = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!isSo()) await Task.Delay(every ?? TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
    }
}
