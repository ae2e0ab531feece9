namespace ClosedLoop.Hosting;

/// <summary>Makes unique ids; a simulation injects a seeded one.</summary>
public interface IIdGenerator
{
    /// <summary>A new unique id of at most 64 printable characters. Safe from several threads.</summary>
    string NewId();
}
