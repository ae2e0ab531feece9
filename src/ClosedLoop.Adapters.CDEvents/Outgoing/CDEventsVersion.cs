namespace ClosedLoop.Adapters.CDEvents;

/// <summary>A version of CDEvents.</summary>
public enum CDEventsVersion
{
    /// <summary>0.5.1: <c>context.specversion</c>, no <c>subject.type</c>.</summary>
    V05 = 0,

    /// <summary>0.4.1: <c>context.version</c> and <c>subject.type</c>.</summary>
    V04 = 1,
}
