using ClosedLoop.Adapters;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Testing.Adapters;

/// <summary>What <see cref="AdapterConformance"/> needs to know of an adapter: how to make it, and one story as its webhooks and as its API tell it.</summary>
public sealed class AdapterExample
{
    /// <summary>Makes the adapter; every request that it sends goes to the handler.</summary>
    public required Func<HttpMessageHandler, AdapterRegistration> Create { get; init; }

    /// <summary>The story as webhooks, signed as the sender signs them, oldest first. Empty: the adapter takes no webhooks.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries { get; init; } = [];

    /// <summary>Whether the signature is over the body, so that a changed body is not authentic. The default is true; false for a shared secret.</summary>
    public bool SignsBody { get; init; } = true;

    /// <summary>Signs a delivery whose body was changed, as its sender would, with a delivery id of its own. The default leaves it as it is, which is right for a shared secret.</summary>
    public Func<WebhookDelivery, WebhookDelivery> Sign { get; init; } = static delivery => delivery;

    /// <summary>The end of the story as the source's API tells it.</summary>
    public Action<RecordedTraffic> Record { get; init; } = static _ => { };

    /// <summary>The look that reads it. Null: the adapter cannot poll.</summary>
    public ProbeBatch? Look { get; init; }

    /// <summary>Kinds of fact that only a webhook or only a look brings; the others have to agree. The default is none.</summary>
    public IReadOnlyCollection<string> OneSided { get; init; } = [];

    /// <summary>The pipeline that it writes to. The default has the default gates.</summary>
    public Action<PipelineBuilder> Pipeline { get; init; } = static p => p.UseDefaultGates();

    /// <summary>Every secret that the adapter was made with: none of them may show anywhere.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}
