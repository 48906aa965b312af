import { test } from "vitest";
import { createGrip, feel, steer, OHMS } from "../../firmware/potentiostat.ts";
import { createCell, advanceCell } from "../../sim/cell.ts";
import { createStreams, createStream, gaussian } from "../../sim/random.ts";
import { cellOf } from "../boards/rig.ts";

const LSB = [2.048,1.024,.512,.256].map(x=>x/32768/.4);
function lsb(v:number){ const a=Math.abs(v)*.4; for(let i=3;i>=0;i--) if(a<.85*[2.048,1.024,.512,.256][i]) return LSB[i]; return LSB[0]; }
interface Plant { volts():number; hold(i:number,s:number):void; }
function resistor(ohms:number, emf=0):Plant { let i=0; return {volts:()=>emf+i*ohms, hold:(x)=>{i=x;}}; }
function cell(full:boolean, soc:number, anode:any="hNa"):Plant {
  const input = cellOf(anode); input.sim={...input.sim, fullCell:full, shorts:false, noise:0};
  const c=createCell(input); const r=createStreams(1); let t=0; if(full) c.cathode.stateOfCharge=soc; advanceCell(c,r,1,0,5.2); t=1;
  return {volts:()=>c.voltageV, hold:(i,s)=>{ t+=s; advanceCell(c,r,t,i,5.2);} , c} as any;
}
function run(p:Plant, T:number, target:(t:number)=>number, most:number, seconds:number, i0=0, guess=41, known=0, quiet=true){
  const g=createGrip(); g[OHMS]=known; const rng=createStream(3,"x"); let i=i0; const out=[] as any[]; 
  p.hold(i,T); // one frame before
  let over=0, settled=-1, t=0; const sgn=Math.sign(target(0)-p.volts())||1; let mx=-1e9;
  for(t=0;t<seconds;t+=T){
    const L=lsb(p.volts()); const noise=L*.7;
    const v=()=>Math.round((p.volts()+gaussian(rng)*L*.3)/L)*L;
    feel(g,(v()+v())/2,i,noise,T);
    i=steer(g,i,target(t+T),most,noise,T,guess);
    p.hold(i,T);
    const e=p.volts()-target(t+T); mx=Math.max(mx,e*sgn);
    if(Math.abs(e)>Math.max(.001,.01*Math.abs(target(0)))) settled=-1; else if(settled<0) settled=t;
    out.push([t,p.volts(),i,g[OHMS]]);
  }
  const tail=out.slice(-50); const m=tail.reduce((a,b)=>a+b[2],0)/tail.length; const sd=Math.sqrt(tail.reduce((a,b)=>a+(b[2]-m)**2,0)/tail.length);
  const ve=Math.max(...tail.map(x=>Math.abs(x[1]-target(seconds))));
  if(!quiet) for(const o of out.slice(0,40)) console.log(o.map((x:number)=>x.toPrecision(6)).join(" "));
  return {over:(mx*1e3).toFixed(3), settled:settled.toFixed(2), tailUa:(m*1e6).toPrecision(4), sdUa:(sd*1e6).toPrecision(3), tailErrMv:(ve*1e3).toFixed(3), ohms:g[OHMS].toPrecision(4)};
}
test("p",()=>{
  const rows:any[]=[];
  for(const T of [.05,.2,1]){
    for(const R of [5,50,500,5000,1e5]) rows.push({k:`R ${R} 50mV`,T,...run(resistor(R),T,()=>.05,.01,120)});
    for(const R of [5,1000,1e5]) rows.push({k:`R ${R} 3.4 +5mV`,T,...run(resistor(R,3.4),T,()=>3.405,.01,120)});
    for(const R of [1000,1e5]) rows.push({k:`R ${R} 1V`,T,...run(resistor(R),T,()=>1,.01,120)});
    for(const a of ["hNa","bareNa"]) for(const v of [.002,.01,.1]) rows.push({k:`sym ${a} ${v}`,T,...run(cell(false,0,a),T,()=>v,.01,300)});
    rows.push({k:"plateau +50mV",T,...run(cell(true,.5),T,()=>3.45,.005,300)});
    rows.push({k:"plateau +10mV",T,...run(cell(true,.5),T,()=>3.41,.005,300)});
    rows.push({k:"plateau 3.8 at C/2",T,...run(cell(true,.95),T,()=>3.8,54e-6,1200)});
    rows.push({k:"plateau 3.8 at 5C",T,...run(cell(true,.95),T,()=>3.8,540e-6,1200)});
    // CC then CV
    for(const rate of [.5,5]) { const p=cell(true,.98) as any; const i=rate*.109e-3; let n=0; while(p.volts()<3.8&&n++<1e5) p.hold(i,T);
      for (const known of [0,75,20,300]) { if(known!==75&&rate!==.5) continue; const q=cell(true,.98) as any; while(q.volts()<3.8) q.hold(i,T); q.hold(0,0);
      rows.push({k:`CCCV ${rate}C known ${known}`,T,...run(q,T,()=>3.8,i,900,i,41,known)}); } }
  }
  console.table(rows);
},300000);
