using MassTransit;

namespace ClosedLoop.LoadRig.Peer;

// One message type for each gate, as the peer wants it. Public: it makes types for them at run time.
public abstract record PeerSignal(Guid CorrelationId) : CorrelatedBy<Guid>
{
    public static PeerSignal Of(int gate, Guid item) => gate switch
    {
        0 => new PrOpened(item),
        1 => new Reviewed(item),
        2 => new Merged(item),
        3 => new MainCiPassed(item),
        4 => new ImageBuilt(item),
        5 => new RolledOut(item),
        _ => new Healthy(item),
    };
}

public sealed record PrOpened(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record Reviewed(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record Merged(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record MainCiPassed(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record ImageBuilt(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record RolledOut(Guid CorrelationId) : PeerSignal(CorrelationId);

public sealed record Healthy(Guid CorrelationId) : PeerSignal(CorrelationId);
