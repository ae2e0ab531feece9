using MassTransit;

namespace ClosedLoop.LoadRig.Peer;

/// <summary>The peer's item: one instance of the saga.</summary>
public sealed class PeerItem : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";
}
