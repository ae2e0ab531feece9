using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>A world that is played step by step on one driven clock, without ports: a minute of it takes no time.</summary>
internal sealed class DrivenWorld : IWebhookOutbox
{
    private readonly DateTimeOffset _start;

    public DrivenWorld(SandboxOptions options, Action<WebhookMessage>? post = null)
    {
        Post = post ?? (static _ => { });
        _start = Time.GetUtcNow();
        World = new DeliveryWorld(options, Addresses, Time, this);
    }

    public static SandboxAddresses Addresses { get; } =
        new(new Uri("https://github.example/"), new Uri("https://jenkins.example/"), new Uri("https://registry.example/"), new Uri("https://cluster.example/"))
        {
            ArgoCD = new Uri("https://argocd.example/"),
            Services = new Uri("https://services.example/"),
            Prometheus = new Uri("https://prometheus.example/"),
        };

    public ManualTimeProvider Time { get; } = new();

    public DeliveryWorld World { get; }

    public WorldState State => World.State;

    public SandboxTruth Truth => State.Truth;

    public Action<WebhookMessage> Post { get; }

    /// <summary>When the next step is due; null when the world has come to its end.</summary>
    public DateTimeOffset? NextDue => State.Schedule.NextDue is { } due ? _start + due : null;

    void IWebhookOutbox.Post(WebhookMessage message) => Post(message);

    /// <summary>Moves the clock to the next step and does it.</summary>
    public async Task<bool> StepAsync()
    {
        if (NextDue is not { } due) return false;
        if (due > Time.GetUtcNow()) Time.AdvanceTo(due);
        return await State.Schedule.StepAsync(default);
    }

    /// <summary>Plays it to its end.</summary>
    /// <param name="after">Looks at the world after each step.</param>
    public async Task PlayAsync(Action? after = null)
    {
        while (await StepAsync()) after?.Invoke();
    }
}
