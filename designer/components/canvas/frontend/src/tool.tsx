import { Icon } from "./icons";

/** A button that is a picture: its name is said and shown on hover. */
export function Tool({ icon, label, onClick, disabled, main, keys }: {
  icon: string; label: string; onClick: () => void; disabled?: boolean; main?: boolean; keys?: string;
}) {
  return (
    <button type="button" className={main ? "tool main" : "tool"} aria-label={label} title={keys ? `${label}  ${keys}` : label}
      onClick={onClick} disabled={disabled}>
      <Icon of={icon} />
    </button>
  );
}
